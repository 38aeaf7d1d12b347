import { describe, expect, it } from '@jest/globals';
import { type AskedRun, statesOfRun } from '../../../../cli/rules/states/run-states.ts';
import type { PodChange } from '../../../../domain/pods/pod-change.ts';
import type { PodSnapshot } from '../../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import type { FailedClassification } from '../../../../domain/pods/run/pod-run.ts';
import type { ReclassificationInputs } from '../../../../workflows/pod-lifecycle.messages.ts';
import { podSnapshot } from '../../../helpers/pod-changes.ts';
import { at, buildPod, deleting, podNow, running } from '../../../helpers/pods.ts';

/** Not ready for 100 seconds: whether that is a fault depends on the moment alone. */
const starting = projectPod(
  buildPod({ name: 'slow', uid: 'uid-slow', containers: [{ state: running(-100), ready: false }] }),
);
const pod = { namespace: 'shop', name: 'slow', uid: 'uid-slow' };

function run(snapshot: PodSnapshot | null, inputs?: Partial<ReclassificationInputs>): AskedRun {
  const totals = { operations: { add: 0, update: 0, delete: 0 }, restarts: 0, worstSeverity: null, primaryCauses: [] };
  return {
    workflowId: 'pod/test/uid-slow',
    state: { ...totals, classified: 1, failed: 0, pod, gone: false, snapshot, verdict: null },
    inputs:
      inputs === undefined
        ? undefined
        : { failures: [], snapshot, deletion: null, verdict: null, latest: null, gone: false, attempt: 1, ...inputs },
  };
}

function failure(changes: readonly PodChange[], previous: PodSnapshot | null = null): FailedClassification {
  return { failedAt: at(0), reason: 'Rule "a": no', rule: 'a', previous, deletion: null, changes };
}

/** Judged by the clock at 60 seconds after `podNow`. */
function statesOf(asked: AskedRun) {
  return statesOfRun(asked, () => new Date(podNow.getTime() + 60_000)).map((item) =>
    'fault' in item
      ? item.fault
      : { pod: item.state.pod, place: item.state.place, primary: item.state.subject.verdict.primary },
  );
}

describe('the states of a run that rules are tried on', () => {
  it('are none before it has seen its pod', () => {
    expect(statesOf(run(null))).toEqual([]);
  });

  it('are its last snapshot by the clock, when its worker tells no more', () => {
    expect(statesOf(run(starting))).toEqual([
      { pod: 'shop/slow', place: 'pod/test/uid-slow', primary: 'ReadinessProbeFailing' },
    ]);
  });

  it('are its last snapshot as of when the run last judged it', () => {
    const latest = { observedAt: at(0) } as ReclassificationInputs['latest'];
    expect(statesOf(run(starting, { latest }))).toMatchObject([{ primary: null }]);
  });

  it('are those of a pod that is gone, however long ago, and not of one that will not go', () => {
    const leaving = podSnapshot({ ...pod, metadata: deleting(-600) });
    const primaryOf = (asked: AskedRun) => statesOf(asked).map((state) => 'primary' in state && state.primary);
    expect(primaryOf(run(leaving))).toEqual(['StuckTerminating']);
    const gone = run(leaving);
    expect(primaryOf({ ...gone, state: { ...gone.state, gone: true } })).not.toContain('StuckTerminating');
  });

  it('are the changes it could not classify, first, each as of when it was seen', () => {
    const changes = [
      { operation: 'add', observedAt: at(0), snapshot: starting },
      { operation: 'update', observedAt: at(60), snapshot: { ...starting, version: '2' } },
      { operation: 'leftScope', observedAt: at(61), version: '3' },
    ] as const;
    expect(statesOf(run(null, { failures: [failure(changes)] }))).toEqual(
      [null, 'ReadinessProbeFailing', 'ReadinessProbeFailing'].map((primary, index) => ({
        pod: 'shop/slow',
        place: `pod/test/uid-slow failure 1 change ${index + 1}`,
        primary,
      })),
    );
  });

  it('are faults where the input itself is malformed, for no rule mends that', () => {
    const malformed = { operation: 'add', observedAt: 'noon', snapshot: starting } as const;
    const failures = [failure([malformed]), failure([{ operation: 'add', observedAt: at(60), snapshot: starting }])];
    expect(statesOf(run(null, { failures }))).toEqual([
      {
        source: 'pod/test/uid-slow failure 1',
        message: expect.stringContaining('Malformed pod change: changes[0].observedAt'),
      },
      expect.objectContaining({ place: 'pod/test/uid-slow failure 2', primary: 'ReadinessProbeFailing' }),
    ]);
  });
});
