import { describe, expect, it } from '@jest/globals';
import type { PodChange } from '../../../../../domain/pods/pod-change.ts';
import { acceptBatch } from '../../../../../domain/pods/run/pod-run-accept.ts';
import { newPodRun, type PodRunState } from '../../../../../domain/pods/run/pod-run.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../helpers/drive-pod-run.ts';
import { failingRule } from '../../../../helpers/hand-made-rules.ts';
import { inferredDelete, leftScope, malformedChange, observedChange } from '../../../../helpers/pod-changes.ts';

interface Batch {
  readonly changes: readonly PodChange[];
  readonly epoch?: number;
}

/** Feeds batches one after the other; what was fresh of each, as `operation@version`. */
function feed(batches: readonly Batch[], start: PodRunState = newPodRun()) {
  let state = start;
  const fresh = batches.map(({ changes, epoch = state.epoch }) => {
    const accepted = acceptBatch(state, { changes, epoch });
    state = accepted.state;
    return accepted.fresh.map((change) => {
      const version = 'snapshot' in change ? change.snapshot.version : change.version;
      return `${change.operation}@${version}`;
    });
  });
  return { state, fresh };
}

const update = (version: string | number, restarts = 0) => observedChange({ version, containers: [{ restarts }] });
const gone = (version: string | number) => observedChange({ operation: 'delete', version });

describe('changes without versions, of which one could not be classified', () => {
  const calm = (operation: 'add' | 'update') => observedChange({ operation, version: '' });
  const broken = observedChange({ version: '', containers: [{ restarts: 3 }] });
  const failed = drivePodRun([[broken]], { state: drivePodRun([[calm('add')]]), rules: failingRule('all') });

  it('count a change back to how it was before, which is how the pod is after a replay', () => {
    expect(feed([{ changes: [calm('update')] }], failed).fresh).toEqual([['update@']]);
    const back = drivePodRun([[calm('update')]], { state: failed });
    const { state, result } = reclassifyPodRun(back);
    expect(result).toMatchObject({ outcome: 'fixed', fixed: 1 });
    expect(state.snapshot).toEqual(calm('update').snapshot);
  });

  it('do not count the failed one again when it is sent again', () => {
    expect(feed([{ changes: [broken] }], failed).fresh).toEqual([[]]);
    const { state } = reclassifyPodRun(failed);
    expect(state.snapshot).toEqual(broken.snapshot);
  });

  it('count when what failed was no snapshot at all', () => {
    const malformed = drivePodRun([[malformedChange('')]], { state: drivePodRun([[calm('add')]]) });
    expect(malformed.failures).toHaveLength(1);
    expect(feed([{ changes: [broken] }], malformed).fresh).toEqual([['update@']]);
  });
});

describe('a batch of changes', () => {
  it('counts once although it arrives twice', () => {
    const { fresh } = feed([{ changes: [update(5), update(6)] }, { changes: [update(5), update(6)] }]);
    expect(fresh).toEqual([['update@5', 'update@6'], []]);
  });

  it('that is late brings nothing, and one that overlaps brings only what is newer', () => {
    const { fresh } = feed([{ changes: [update(7)] }, { changes: [update(6)] }, { changes: [update(7), update(8)] }]);
    expect(fresh).toEqual([['update@7'], [], ['update@8']]);
  });

  it('is ordered by number, not by text, also beyond what a double can hold', () => {
    const { fresh } = feed([
      { changes: [update(9)] },
      { changes: [update(10)] },
      { changes: [update('9007199254740993')] },
      { changes: [update('9007199254740992')] },
    ]);
    expect(fresh).toEqual([['update@9'], ['update@10'], ['update@9007199254740993'], []]);
  });

  it('with versions that are no numbers counts unless the version is that of the last', () => {
    const { fresh } = feed([{ changes: [update('b')] }, { changes: [update('b')] }, { changes: [update('a')] }]);
    expect(fresh).toEqual([['update@b'], [], ['update@a']]);
  });

  it('without versions counts unless it says the same as the last', () => {
    const { fresh, state } = feed([{ changes: [update(''), update('')] }, { changes: [update('', 1)] }]);
    expect(fresh).toEqual([['update@'], ['update@']]);
    expect(state.lastVersion).toBe('');
  });

  it('without versions counts a delete although it says the same', () => {
    const { fresh, state } = feed([{ changes: [update(''), gone('')] }]);
    expect(fresh).toEqual([['update@', 'delete@']]);
    expect(state.gone).toBe(true);
  });

  it('of a new epoch counts although its versions are lower, and that of the old epoch no longer resets it', () => {
    const { fresh, state } = feed([
      { changes: [update(5000)] },
      { changes: [update(3)], epoch: 1 },
      { changes: [update(2)], epoch: 0 },
      { changes: [update(4)], epoch: 1 },
    ]);
    expect(fresh).toEqual([['update@5000'], ['update@3'], [], ['update@4']]);
    expect(state).toMatchObject({ epoch: 1, lastVersion: '4' });
  });

  it('always takes an inferred delete, whatever its version, and nothing after it', () => {
    const { fresh, state } = feed([
      { changes: [update(50)] },
      { changes: [inferredDelete(40), update(60)] },
      { changes: [inferredDelete(70)] },
    ]);
    expect(fresh).toEqual([['update@50'], ['delete@40'], []]);
    expect(state.gone).toBe(true);
  });

  it('ends with the delete: what follows in the batch is dropped', () => {
    const { fresh } = feed([{ changes: [gone(8), update(9)] }]);
    expect(fresh).toEqual([['delete@8']]);
  });

  it('that says the pod left the scope counts once and does not end the run', () => {
    const { fresh, state } = feed([
      { changes: [update(5)] },
      { changes: [leftScope(7)] },
      { changes: [leftScope(7)] },
      { changes: [update(6), update(8)] },
    ]);
    expect(fresh).toEqual([['update@5'], ['leftScope@7'], [], ['update@6', 'update@8']]);
    expect(state.gone).toBe(false);
  });

  it('without anything to go by is handed on, so that its fault is recorded', () => {
    const noSnapshot = { operation: 'update', observedAt: 'x', snapshot: null } as unknown as PodChange;
    const noVersion = { operation: 'delete', observedAt: 'x' } as unknown as PodChange;
    const { fresh, state } = acceptBatch(newPodRun(), {
      changes: [noSnapshot, malformedChange(3), noVersion],
      epoch: 0,
    });
    expect(fresh).toHaveLength(3);
    expect(state).toMatchObject({ lastVersion: '3', gone: true });
  });

  it('adds its pod once: found anew by another holder of the watch, it was updated', () => {
    const add = (version: string) => observedChange({ operation: 'add', version });
    expect(feed([{ changes: [add('5'), add('6')] }]).fresh).toEqual([['add@5', 'update@6']]);
    const known = { ...newPodRun(), snapshot: add('5').snapshot, lastVersion: '5' };
    expect(feed([{ changes: [add('7')] }], known).fresh).toEqual([['update@7']]);
  });

  it('that left the scope of another watch does not hide a change of the same version', () => {
    const { fresh } = feed([{ changes: [leftScope(7)] }, { changes: [update(7)] }]);
    expect(fresh).toEqual([['leftScope@7'], ['update@7']]);
  });
});
