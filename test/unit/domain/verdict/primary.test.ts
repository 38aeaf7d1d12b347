import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildPod,
  type ContainerParts,
  deleting,
  probe,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

const crashed = (name: string, exitCode: number, finished: number, more: ContainerParts = {}): ContainerParts => ({
  name,
  state: running(finished + 1),
  lastState: terminated({ exitCode, started: finished - 20, finished }),
  restarts: 1,
  ...more,
});
const order = (containers: readonly ContainerParts[]) =>
  judge(buildPod({ containers })).findings.map(({ cause, container }) => `${cause} ${container ?? ''}`);

describe('the primary cause', () => {
  it('is the node before what happens on it', () => {
    const node = { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(-60) }] };
    const pod = buildPod({ containers: [crashed('app', 1, -30)] });
    const verdict = judge(pod, { evidence: { node } });
    expect(verdict.primary).toBe('NodeLost');
    expect(findingOf(verdict, 'AppError').explainedBy).toBe('NodeLost');
  });

  it('is the lost node before the eviction that follows from it', () => {
    const DisruptionTarget = { status: 'True', reason: 'DeletionByTaintManager', lastTransitionTime: at(-20) };
    const pod = buildPod({ phase: 'Unknown', metadata: deleting(-20), conditions: { DisruptionTarget } });
    const verdict = judge(pod);
    expect(verdict.primary).toBe('NodeLost');
    expect(findingOf(verdict, 'TaintEvicted').explainedBy).toBe('NodeLost');
  });

  it('is the disruption before the ends it explains', () => {
    const DisruptionTarget = { status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: at(-30) };
    const containers = [crashed('app', 1, -20, { state: terminated({ exitCode: 1, finished: -20 }), lastState: {} })];
    const verdict = judge(buildPod({ metadata: deleting(-29), conditions: { DisruptionTarget }, containers }));
    expect(brief(verdict)).toBe('Preempted no-incident Terminating');
    expect(verdict.findings.map(({ cause, explainedBy }) => [cause, explainedBy])).toEqual([
      ['Preempted', undefined],
      ['GracefulStop', 'Preempted'],
    ]);
  });

  it('is the failing init container before other waits of a pending pod', () => {
    const containers = [
      crashed('migrate', 1, -60, { type: 'init', state: waiting('CrashLoopBackOff') }),
      { state: waiting('SomethingNew') },
    ];
    const verdict = judge(buildPod({ phase: 'Pending', containers }));
    expect(verdict.primary).toBe('AppError');
    expect(findingOf(verdict, 'StartupStalled').explainedBy).toBe('AppError');
  });

  it.each([
    ['ImagePullFailed', 'ImagePullBackOff'],
    ['ContainerConfigInvalid', 'CreateContainerConfigError'],
  ])('is %s before other findings of a pending pod', (cause, reason) => {
    const containers = [crashed('app', 139, -5), { name: 'late', state: waiting(reason) }];
    const verdict = judge(buildPod({ phase: 'Pending', containers }));
    expect(verdict.primary).toBe(cause);
    expect(verdict.findings[1]?.cause).toBe('Signalled');
  });

  it('is the newest end of a container, before an older and more severe one', () => {
    const container = {
      state: terminated({ exitCode: 1 }),
      lastState: terminated({ exitCode: 139, finished: -90 }),
      restarts: 1,
    };
    expect(order([container])).toEqual(['AppError app', 'Signalled app']);
  });

  it('is the newest end among containers of one type', () => {
    expect(order([crashed('a', 139, -40), crashed('b', 1, -30)])).toEqual(['AppError b', 'Signalled a']);
  });

  it('is the app before the sidecar before the ephemeral container, of about the same time', () => {
    const sidecar = crashed('proxy', 139, -10, { type: 'sidecar' });
    const oom = { state: terminated({ exitCode: 137, reason: 'OOMKilled', finished: -5 }) };
    expect(order([crashed('app', 1, -40), sidecar, { name: 'debug', type: 'ephemeral', ...oom }])).toEqual([
      'AppError app',
      'Signalled proxy',
      'OOMKilled debug',
    ]);
  });

  it('is the sidecar when the end of the app is long over', () => {
    expect(order([crashed('app', 139, -3000), crashed('proxy', 1, -10, { type: 'sidecar' })])).toEqual([
      'AppError proxy',
      'Signalled app',
    ]);
  });

  it('is the more severe of two ends at the same time', () => {
    expect(order([crashed('a', 1, -30), crashed('b', 139, -30)])).toEqual(['Signalled b', 'AppError a']);
  });

  it('is the first container when nothing else tells two apart', () => {
    expect(order([crashed('b', 1, -30), crashed('a', 1, -30)])).toEqual(['AppError b', 'AppError a']);
  });

  it('is what makes the incident before what does not', () => {
    const containers = [crashed('app', 1, -30, { state: terminated({ exitCode: 143, finished: -2 }) })];
    expect(judge(buildPod({ metadata: deleting(-10), containers })).primary).toBe('AppError');
  });

  it('is informational only when there is nothing else', () => {
    const containers = [crashed('app', 0, -20), crashed('b', 1, -400)];
    expect(order(containers)).toEqual(['AppError b', 'RestartedAfterExit0 app']);
    expect(judge(buildPod({ containers: containers.slice(0, 1) })).primary).toBe('RestartedAfterExit0');
  });

  it('is none for a healthy pod, whatever informational findings it has', () => {
    const verdict = judge(buildPod({ containers: [crashed('app', 0, -1000)] }));
    expect(brief(verdict)).toBe('none no-incident Healthy');
    expect(verdict.findings).toHaveLength(1);
  });

  it('is the crash before the readiness that it explains', () => {
    const spec = { readinessProbe: probe() };
    const containers = [crashed('app', 1, -130, { ready: false, spec })];
    expect(order(containers)).toEqual(['AppError app', 'ReadinessProbeFailing app']);
  });
});
