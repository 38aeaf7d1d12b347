import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildPod,
  type ContainerParts,
  deleting,
  type PodParts,
  probe,
  running,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { findingOf, judge } from '../../../helpers/verdicts.ts';

/** A container that ran 100 s, ended with 137 and was restarted 2 s later; its liveness probe gives up after 30 s. */
function kill(container: ContainerParts = {}, parts: PodParts = {}) {
  const lastState = terminated({ exitCode: 137, started: -160, finished: -60 });
  const spec = { livenessProbe: probe() };
  return buildPod({ ...parts, containers: [{ spec, state: running(-58), lastState, restarts: 1, ...container }] });
}

describe('a probe kill without Events', () => {
  it('is possible when everything speaks for it', () => {
    expect(judge(kill()).findings).toMatchObject([
      { cause: 'LivenessProbeFailed', confidence: 'possible', exitCode: 137 },
    ]);
  });

  it('may end with 143 too', () => {
    const lastState = terminated({ exitCode: 143, started: -160, finished: -60 });
    expect(judge(kill({ lastState })).primary).toBe('LivenessProbeFailed');
  });

  it('is possible while the kubelet backs off before the restart', () => {
    expect(judge(kill({ state: waiting('CrashLoopBackOff') })).primary).toBe('LivenessProbeFailed');
  });

  it.each<[why: string, container: ContainerParts, parts: PodParts]>([
    ['the container has no such probe', { spec: { readinessProbe: probe() } }, {}],
    ['it ended with another code', { lastState: terminated({ exitCode: 139, started: -160, finished: -60 }) }, {}],
    ['it ran too short', { spec: { livenessProbe: probe({ initialDelaySeconds: 71 }) } }, {}],
    ['it was restarted too late', { state: running(541) }, {}],
    ['it was not restarted', { state: terminated({ exitCode: 137, started: -160, finished: -60 }), lastState: {} }, {}],
    ['nobody knows how long it ran', { lastState: { terminated: { exitCode: 137, finishedAt: at(-60) } } }, {}],
    [
      'the runtime reports the start as 1970',
      { lastState: { terminated: { exitCode: 137, startedAt: '1970-01-01T00:00:00Z', finishedAt: at(-60) } } },
      {},
    ],
    ['the pod is being deleted', {}, { metadata: deleting(-20) }],
    [
      'the pod is disrupted',
      {},
      {
        conditions: {
          DisruptionTarget: { status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: at(-5) },
        },
      },
    ],
    ['the postStart hook failed', { state: waiting('PostStartHookError') }, {}],
  ])('is not claimed when %s', (_why, container, parts) => {
    const causes = judge(kill(container, parts)).findings.map(({ cause }) => cause);
    expect(causes).not.toContain('LivenessProbeFailed');
    expect(causes).not.toHaveLength(0);
  });

  it('is not claimed when the node was in trouble', () => {
    const node = { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(-30) }] };
    expect(judge(kill(), { evidence: { node } }).findings.map(({ cause }) => cause)).not.toContain(
      'LivenessProbeFailed',
    );
  });

  it.each([
    ['StartupProbeFailed', 'no longer than its window and the grace period', 100],
    ['LivenessProbeFailed', 'longer than that, so that it must have passed', 99],
    ['LivenessProbeFailed', 'shorter than its window, so that it cannot have given up', 101],
  ])('is %s when the container ran %s', (cause, why, seconds) => {
    const passed = why.startsWith('longer');
    const startupProbe = passed
      ? probe({ periodSeconds: 10, failureThreshold: 6 })
      : probe({ periodSeconds: seconds, failureThreshold: 1 });
    const spec = { startupProbe, livenessProbe: probe() };
    expect(judge(kill({ spec })).primary).toBe(cause);
  });

  it('names the startup probe alone when there is no liveness probe, and nothing when that had passed', () => {
    const failed = { startupProbe: probe({ failureThreshold: 8 }) };
    expect(judge(kill({ spec: failed })).primary).toBe('StartupProbeFailed');
    const late = { startupProbe: probe({ failureThreshold: 6 }) };
    expect(judge(kill({ spec: late })).primary).toBe('StartupProbeFailed');
    const passed = { startupProbe: probe({ failureThreshold: 6, initialDelaySeconds: -1 }) };
    expect(judge(kill({ spec: passed })).primary).toBe('Killed');
  });

  it('uses the grace period of the probe before that of the pod', () => {
    const judged = (terminationGracePeriodSeconds: number) =>
      judge(kill({ spec: { startupProbe: probe({ failureThreshold: 4, terminationGracePeriodSeconds }) } }));
    expect(judged(50).primary).toBe('StartupProbeFailed');
    expect(judged(49).primary).toBe('Killed');
  });

  it('shows the numbers it rests on', () => {
    const paths = findingOf(judge(kill()), 'LivenessProbeFailed').evidence.map(({ path }) => path);
    expect(paths).toEqual([
      'status.containerStatuses[app].lastState.terminated.reason',
      'status.containerStatuses[app].lastState.terminated.exitCode',
      'status.containerStatuses[app].restartCount',
      'spec.containers[app].livenessProbe.failureThreshold',
      'spec.containers[app].livenessProbe.periodSeconds',
      'status.containerStatuses[app].lastState.terminated.startedAt',
    ]);
  });
});
