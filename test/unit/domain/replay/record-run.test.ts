import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes } from '../../../../domain/pods/snapshot/json-bytes.ts';
import { recordRun, replayedRunLimits } from '../../../../domain/replay/record-run.ts';
import {
  countsSince,
  newReplay,
  type ReplayedOutcome,
  replayedOutcomes,
  type ReplayedRun,
  triedRuns,
} from '../../../../domain/replay/replay.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const startedAt = '2026-07-01T12:00:00Z';
const runOf = (index: number, outcome: ReplayedOutcome, reason = 'x'): ReplayedRun => ({
  workflowId: `pod/test/shop/web-${index}/${index}`,
  runId: `run-${index}`,
  outcome,
  reason,
});
const record = (runs: readonly ReplayedRun[]) =>
  runs.reduce((state, run) => recordRun(state, { run, repeated: false }), newReplay(startedAt));

describe('what a replay keeps of the runs it tried', () => {
  it('is everything while it fits, in the order it was heard', () => {
    const runs = replayedOutcomes.map((outcome, index) => runOf(index, outcome));
    const state = record(runs);
    expect(state.runs).toEqual(runs);
    expect(state.runsDropped).toBe(0);
    expect(triedRuns(state.counts)).toBe(runs.length);
  });

  it('leaves out what nobody has to look at first, and counts it', () => {
    const failing = Array.from({ length: 300 }, (_, index) => runOf(index, 'still-failing'));
    const changed = Array.from({ length: 150 }, (_, index) => runOf(1000 + index, 'changed'));
    const fixed = Array.from({ length: 200 }, (_, index) => runOf(2000 + index, 'fixed'));
    const state = record([...failing, ...fixed, ...changed]);
    expect(state.runs).toHaveLength(replayedRunLimits.count);
    expect(state.runsDropped).toBe(150);
    expect(state.runs.filter(({ outcome }) => outcome === 'still-failing')).toEqual(failing);
    expect(state.runs.filter(({ outcome }) => outcome === 'changed')).toEqual(changed);
    expect(state.runs.filter(({ outcome }) => outcome === 'fixed')).toEqual(fixed.slice(150));
    expect(state.counts).toMatchObject({ fixed: 200, 'still-failing': 300, changed: 150 });
  });

  it('counts a run that could not be asked once, with the answer it gave when it was met again', () => {
    const [run, other] = [runOf(1, 'error'), runOf(2, 'fixed')];
    const state = record([run, other, { ...run, outcome: 'still-failing' }]);
    expect(state.counts).toMatchObject({ error: 0, fixed: 1, 'still-failing': 1 });
    expect(state.runs.map(({ outcome }) => outcome)).toEqual(['fixed', 'still-failing']);
  });

  it('takes no answer twice, but for one it had not heard', () => {
    const fixed = runOf(1, 'fixed');
    const heard = record([fixed]);
    expect(recordRun(heard, { run: fixed, repeated: true })).toEqual(heard);
    const unheard = recordRun(record([runOf(1, 'error')]), { run: fixed, repeated: true });
    expect(unheard.runs).toEqual([fixed]);
    expect(triedRuns(unheard.counts)).toBe(1);
  });

  it('counts a run that is met again once, with its first answer', () => {
    const heard = record([runOf(1, 'fixed'), runOf(2, 'still-failing')]);
    expect(recordRun(heard, { run: runOf(1, 'unchanged'), repeated: false })).toBe(heard);
    expect(recordRun(heard, { run: { ...runOf(2, 'lost'), runId: 'a later one' }, repeated: false })).toBe(heard);
  });

  it('takes no outcome that nobody knows', () => {
    const run = { ...runOf(1, 'fixed'), outcome: 'marvellous' as ReplayedOutcome };
    expect(() => recordRun(newReplay(startedAt), { run, repeated: false })).toThrow('"marvellous" is no outcome');
  });

  it(`stays within its bounds and loses no count whatever it hears (seed ${propertySeed})`, () => {
    const heard = fc.record({
      outcome: fc.constantFrom(...replayedOutcomes),
      reason: fc.string({ minLength: 0, maxLength: 300, unit: 'grapheme' }),
    });
    check(
      fc.array(heard, { minLength: 480, maxLength: 620 }),
      (runs) => {
        const state = record(runs.map(({ outcome, reason }, index) => runOf(index, outcome, reason.repeat(3))));
        expect(state.runs.length).toBeLessThanOrEqual(replayedRunLimits.count);
        expect(jsonBytes(state.runs)).toBeLessThanOrEqual(replayedRunLimits.bytes + 2);
        expect(state.runs.length + state.runsDropped).toBe(runs.length);
        expect(triedRuns(state.counts)).toBe(runs.length);
      },
      3,
    );
  });

  it('tells what was heard since an earlier count', () => {
    const before = record([runOf(1, 'error'), runOf(2, 'fixed')]);
    const now = [runOf(1, 'fixed'), runOf(3, 'gone')].reduce(
      (state, run) => recordRun(state, { run, repeated: false }),
      before,
    );
    expect(countsSince(before.counts, now.counts)).toEqual({ fixed: 1, gone: 1 });
  });
});
