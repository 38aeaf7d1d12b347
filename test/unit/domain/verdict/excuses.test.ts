import { describe, expect, it } from '@jest/globals';
import type { JobEvidence } from '../../../../domain/pods/verdict/evidence.ts';
import {
  buildPod,
  type ContainerParts,
  deleting,
  finallyDeleted,
  running,
  statusUnknown,
  terminated,
  waiting,
} from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

const crashed = (exitCode: number, finished = -60): ContainerParts => ({
  state: running(finished + 2),
  lastState: terminated({ exitCode, finished }),
  restarts: 1,
});

describe('not a crash: a pod that succeeded', () => {
  it('opens nothing, whatever came before', () => {
    const container = {
      state: terminated({ exitCode: 0 }),
      lastState: terminated({ exitCode: 1, finished: -200 }),
      restarts: 1,
    };
    const verdict = judge(buildPod({ phase: 'Succeeded', containers: [container] }));
    expect(brief(verdict)).toBe('Completed no-incident Completed');
    expect(findingOf(verdict, 'AppError').excuse).toBe('pod-succeeded');
  });

  it('opens nothing when the kernel killed a child and the parent ended with 0', () => {
    const state = terminated({ exitCode: 0, reason: 'OOMKilled' });
    const verdict = judge(buildPod({ phase: 'Succeeded', containers: [{ state }] }));
    expect(verdict.incident).toBe(false);
    expect(findingOf(verdict, 'OOMKilled')).toMatchObject({ confidence: 'possible', excuse: 'pod-succeeded' });
  });

  it('opens nothing for that end already before the phase says so, unless the container is meant to run on', () => {
    const containers = [{ state: terminated({ exitCode: 0, reason: 'OOMKilled' }) }];
    expect(judge(buildPod({ spec: { restartPolicy: 'Never' }, containers })).incident).toBe(false);
    expect(judge(buildPod({ containers })).incident).toBe(true);
  });

  it('opens nothing when it is being deleted or lost its records', () => {
    const containers = [{ state: terminated({ exitCode: 0 }) }, { name: 'b', state: statusUnknown() }];
    const verdict = judge(buildPod({ phase: 'Succeeded', metadata: deleting(-10), containers }));
    expect(verdict).toMatchObject({ health: 'Completed', incident: false });
  });
});

describe('not a crash: the end of a pod that is being deleted', () => {
  it.each([1, 139, 255])('exit code %i during the deletion is a graceful stop', (exitCode) => {
    const pod = buildPod({ metadata: deleting(-20), containers: [{ state: terminated({ exitCode, finished: -20 }) }] });
    expect(brief(judge(pod))).toBe('GracefulStop no-incident Terminating');
  });

  it('keeps a crash on record from before the deletion, beside the stop', () => {
    const container = {
      state: terminated({ exitCode: 143, finished: -5 }),
      lastState: terminated({ exitCode: 1 }),
      restarts: 1,
    };
    const verdict = judge(buildPod({ metadata: deleting(-20), containers: [container] }));
    expect(brief(verdict)).toBe('AppError incident Terminating');
    expect(findingOf(verdict, 'GracefulStop').exitCode).toBe(143);
  });

  it('takes the start of the deletion from the first value seen, not from the final delete', () => {
    const stopped = { state: terminated({ exitCode: 1, finished: -100 }) };
    const final = buildPod({ metadata: finallyDeleted(-10), containers: [stopped] });
    const previous = buildPod({ metadata: deleting(-120, 300) });
    expect(brief(judge(final, { previous, deleted: true }))).toBe('GracefulStop no-incident Terminating');
    expect(brief(judge(final, { deleted: true }))).toBe('AppError incident Terminating');
    const evidence = findingOf(judge(final, { previous }), 'GracefulStop').evidence;
    expect(evidence).toContainEqual({
      source: 'previous-pod',
      path: 'metadata.deletionGracePeriodSeconds',
      value: '300',
    });
  });

  it('with only the final object takes the pod’s own grace period', () => {
    const pod = (finished: number) =>
      buildPod({
        metadata: finallyDeleted(-10),
        spec: { terminationGracePeriodSeconds: 50 },
        containers: [{ state: terminated({ exitCode: 1, finished }) }],
      });
    expect(judge(pod(-60), { deleted: true }).primary).toBe('GracefulStop');
    expect(judge(pod(-61), { deleted: true }).primary).toBe('AppError');
  });

  it('with only the final object does not count the end of a container that was started again', () => {
    const container = { lastState: terminated({ exitCode: 5, finished: -12 }), restarts: 1 };
    const pod = buildPod({
      metadata: finallyDeleted(-1),
      containers: [{ ...container, state: terminated({ exitCode: 143, finished: -2 }) }],
    });
    expect(brief(judge(pod, { deleted: true }))).toBe('AppError incident Terminating');
  });

  it('does not count an end that was on record before the deletion', () => {
    const containers = [{ state: terminated({ exitCode: 1, finished: -12 }) }];
    const forced = buildPod({ metadata: finallyDeleted(-10), containers });
    expect(judge(forced, { deleted: true }).primary).toBe('GracefulStop');
    expect(judge(forced, { previous: buildPod({ containers }), deleted: true }).primary).toBe('AppError');
  });

  it('ignores the previous snapshot when it is of another pod under the same name', () => {
    const pod = buildPod({ containers: [crashed(1)] });
    const previous = buildPod({ uid: 'uid-0', metadata: deleting(-100) });
    expect(judge(pod, { previous }).primary).toBe('AppError');
  });

  it('counts an end without a time only when the container is down', () => {
    const noTimes = { terminated: { exitCode: 1, reason: 'Error' } };
    const down = buildPod({ metadata: deleting(-20), containers: [{ state: noTimes }] });
    expect(judge(down).primary).toBe('GracefulStop');
    const up = buildPod({
      metadata: deleting(-20),
      containers: [{ state: running(), lastState: noTimes, restarts: 1 }],
    });
    expect(judge(up).primary).toBe('AppError');
  });
});

describe('not a crash: sidecars', () => {
  const job = (sidecar: number, app: number, policy = 'Never') =>
    buildPod({
      spec: { restartPolicy: policy },
      containers: [
        { state: terminated({ exitCode: 0, finished: app }) },
        { name: 'proxy', type: 'sidecar', state: terminated({ exitCode: 2, finished: sidecar }) },
      ],
    });

  it('end with any code once the app containers have finished', () => {
    expect(judge(job(-60, -60)).incident).toBe(false);
    expect(judge(job(-60, -60, 'OnFailure')).incident).toBe(false);
  });

  it('crash when they end before, or when the app is restarted', () => {
    expect(findingOf(judge(job(-61, -60)), 'AppError').container).toBe('proxy');
    expect(findingOf(judge(job(-60, -60, 'Always')), 'AppError').container).toBe('proxy');
  });

  it('end with any code while the pod is being deleted', () => {
    const containers = [
      {},
      { name: 'proxy', type: 'sidecar' as const, state: terminated({ exitCode: 1, finished: -5 }) },
    ];
    expect(judge(buildPod({ metadata: deleting(-20), containers })).incident).toBe(false);
  });
});

describe('not a crash: attempts of a Job', () => {
  const failed = (exitCode: number, reason?: string) =>
    buildPod({
      phase: 'Failed',
      owner: 'Job',
      spec: { restartPolicy: 'Never' },
      containers: [{ state: terminated({ exitCode, ...(reason === undefined ? {} : { reason }) }) }],
    });

  it.each([
    [1, 'AppError'],
    [139, 'Signalled'],
  ])('exit code %i is of low severity and opens nothing', (exitCode, cause) => {
    const verdict = judge(failed(exitCode));
    expect(brief(verdict)).toBe(`${cause} no-incident Failed`);
    expect(verdict.findings[0]).toMatchObject({ severity: 'low', excuse: 'job-attempt' });
  });

  it.each<[string, JobEvidence, boolean]>([
    ['has its Failed condition', { conditions: [{ type: 'Failed', status: 'True' }] }, true],
    ['has spent its backoff limit', { failed: 7, backoffLimit: 6 }, true],
    ['may still try', { failed: 6, backoffLimit: 6 }, false],
    ['is complete', { conditions: [{ type: 'Complete', status: 'True' }] }, false],
  ])('is told apart when the Job %s', (_what, job, incident) => {
    const verdict = judge(failed(1), { evidence: { job } });
    expect(verdict.incident).toBe(incident);
    expect(findingOf(verdict, 'AppError').severity).toBe(incident ? 'medium' : 'low');
  });

  it('does not excuse what another try does not mend', () => {
    expect(judge(failed(137, 'OOMKilled')).incident).toBe(true);
    expect(judge(failed(128, 'StartError')).incident).toBe(true);
  });
});

describe('not a crash: restart rules', () => {
  const withRule = (operator: string, exitCode: number) => {
    const rule = { action: 'Restart', exitCodes: { operator, values: [42, 43] } };
    const spec = { restartPolicy: 'Never', restartPolicyRules: [rule] };
    return judge(buildPod({ containers: [{ ...crashed(exitCode), spec }] }));
  };

  it('excuse the exit codes they name', () => {
    expect(brief(withRule('In', 42))).toBe('none no-incident Healthy');
    expect(findingOf(withRule('In', 42), 'AppError')).toMatchObject({ excuse: 'restart-rule', severity: 'low' });
    expect(withRule('NotIn', 1).incident).toBe(false);
  });

  it('excuse no other exit code', () => {
    expect(withRule('In', 1).incident).toBe(true);
    expect(withRule('NotIn', 43).incident).toBe(true);
  });
});

describe('restart counts', () => {
  it('lower than before are a reset and no finding', () => {
    const previous = buildPod({ containers: [crashed(1)].map((one) => ({ ...one, restarts: 5 })) });
    expect(judge(buildPod({ containers: [{ restarts: 1 }] }), { previous }).findings).toEqual([]);
  });

  it('that jump by N count all and mark those without a record as missing', () => {
    const previous = buildPod({ containers: [{ restarts: 2 }] });
    const verdict = judge(buildPod({ containers: [{ ...crashed(1), restarts: 5 }] }), { previous });
    expect(findingOf(verdict, 'AppError')).toMatchObject({ restarts: 5, detail: 'missing 2 of 3 terminations' });
  });

  it('that go up by one miss nothing', () => {
    const previous = buildPod({ containers: [{ restarts: 4 }] });
    const verdict = judge(buildPod({ containers: [{ ...crashed(1), restarts: 5 }] }), { previous });
    expect(findingOf(verdict, 'AppError').detail).toBeUndefined();
  });

  it('that go up by one after a back-off miss nothing, although lastState is the same as before', () => {
    const container = { lastState: terminated({ exitCode: 1 }) };
    const previous = buildPod({ containers: [{ ...container, state: waiting('CrashLoopBackOff'), restarts: 4 }] });
    const pod = buildPod({ containers: [{ ...container, state: running(-1), restarts: 5 }] });
    expect(findingOf(judge(pod, { previous }), 'AppError').detail).toBeUndefined();
    const twice = buildPod({ containers: [{ ...crashed(1, -3), restarts: 6 }] });
    expect(findingOf(judge(twice, { previous }), 'AppError').detail).toBeUndefined();
  });

  it('that go up by two miss nothing when the previous snapshot had the first end', () => {
    const previous = buildPod({ containers: [{ state: terminated({ exitCode: 1, finished: -90 }), restarts: 3 }] });
    const verdict = judge(buildPod({ containers: [{ ...crashed(1), restarts: 5 }] }), { previous });
    expect(findingOf(verdict, 'AppError').detail).toBeUndefined();
  });

  it('without any termination record leave a possible lost status', () => {
    const previous = buildPod({ containers: [{ restarts: 0 }] });
    const verdict = judge(buildPod({ containers: [{ restarts: 2 }] }), { previous });
    expect(findingOf(verdict, 'StatusLost')).toMatchObject({
      confidence: 'possible',
      severity: 'low',
      restarts: 2,
      detail: 'missing 2 of 2 terminations',
    });
  });
});

describe('a gap of hours between an end and the next start', () => {
  const lastState = terminated({ exitCode: 255, started: -90_000, finished: -20_000 });
  const container = { state: running(-2000), lastState, restarts: 1 };

  it('points to the node and opens nothing for a pod that is ready again', () => {
    const verdict = judge(buildPod({ containers: [container] }));
    expect(brief(verdict)).toBe('none no-incident Healthy');
    expect(findingOf(verdict, 'AppError')).toMatchObject({
      excuse: 'node-gap',
      detail: '5 h passed before the next start, which points to the node',
    });
  });

  it('does not excuse a pod that is not ready', () => {
    expect(judge(buildPod({ containers: [{ ...container, ready: false }] })).incident).toBe(true);
  });

  it('is longer than any back-off', () => {
    const short = terminated({ exitCode: 255, started: -90_000, finished: -5500 });
    const verdict = judge(buildPod({ containers: [{ ...container, lastState: short }] }));
    expect(findingOf(verdict, 'AppError').excuse).toBeUndefined();
  });
});
