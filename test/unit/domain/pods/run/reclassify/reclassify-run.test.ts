import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PodChange } from '../../../../../../domain/pods/pod-change.ts';
import type { PodRunState } from '../../../../../../domain/pods/run/pod-run.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../../helpers/drive-pod-run.ts';
import { failingAt, failingRule, handMadeRules } from '../../../../../helpers/hand-made-rules.ts';
import {
  crashingLife,
  healthyLife,
  inferredDelete,
  leftScope,
  malformedChange,
  observedChange,
} from '../../../../../helpers/pod-changes.ts';
import { deleting } from '../../../../../helpers/pods.ts';
import { check, propertySeed } from '../../../../../helpers/properties.ts';

const oneByOne = (changes: readonly PodChange[]) => changes.map((change) => [change]);
const versions = ({ timeline }: PodRunState) => timeline.map(({ version }) => version);
const [add, crash, backOff, gone] = crashingLife();

/** The last snapshot, verdict and deletion: what the next change is classified against. */
const standing = ({ snapshot, deletion, verdict, gone: isGone }: PodRunState) => ({
  snapshot,
  deletion,
  verdict,
  gone: isGone,
});

describe('failures tried again', () => {
  it('with nothing classified since, carry the run to where it would be had they not failed', () => {
    const life = crashingLife();
    const failed = drivePodRun(oneByOne(life), { rules: failingAt([20, 30, 40]) });
    expect(failed).toMatchObject({ classified: 1, failed: 3, snapshot: { version: '10' }, failures: [{}, {}, {}] });
    const { state, result } = reclassifyPodRun(failed);
    const never = drivePodRun(oneByOne(life));
    expect(standing(state)).toEqual(standing(never));
    expect(versions(state)).toEqual(['10', '20', '30', '40']);
    expect(state.timeline.map(({ transitions, health }) => [transitions, health])).toEqual(
      never.timeline.map(({ transitions, health }) => [transitions, health]),
    );
    expect(result).toEqual({
      outcome: 'fixed',
      fixed: 3,
      failing: 0,
      from: 'Progressing',
      to: expect.stringMatching(/^Terminating|^Failed|^Degraded/) as unknown,
      rulesVersion: 'none',
    });
  });

  it('take the very first change in, when even that one failed', () => {
    const failed = drivePodRun(oneByOne([add!, crash!]), { rules: failingAt([10, 20]) });
    expect(failed).toMatchObject({ snapshot: null, verdict: null });
    const { state, result } = reclassifyPodRun(failed);
    expect(standing(state)).toEqual(standing(drivePodRun(oneByOne([add!, crash!]))));
    expect(result).toMatchObject({ outcome: 'fixed', from: 'none', to: 'Degraded, AppError, medium' });
  });

  it('with something newer classified since, only complete the timeline, in its order', () => {
    const failed = drivePodRun(oneByOne([add!, crash!, backOff!]), { rules: failingAt([20]) });
    const { state, result } = reclassifyPodRun(failed);
    expect(versions(failed)).toEqual(['10', '30']);
    expect(versions(state)).toEqual(['10', '20', '30']);
    expect(standing(state)).toEqual(standing(failed));
    expect(result).toMatchObject({ outcome: 'fixed', fixed: 1, from: result.to });
  });

  it('go on past one that fails again, from the last good snapshot; it keeps its place with the new reason', () => {
    const life = crashingLife();
    const failed = drivePodRun(oneByOne(life), { rules: failingAt([20, 30, 40], 'first') });
    const { state, result } = reclassifyPodRun(failed, { rules: failingAt([30], 'second') });
    expect(versions(state)).toEqual(['10', '20', '40']);
    expect(state.snapshot).toEqual(gone!.snapshot);
    expect(state.failures).toMatchObject([
      { rule: 'second', reason: 'Rule "second": no label "team"', previous: { version: '20' }, changes: [backOff] },
    ]);
    expect(result).toMatchObject({
      outcome: 'still-failing',
      fixed: 2,
      failing: 1,
      rule: 'second',
      reason: 'Rule "second": no label "team"',
    });
    expect(state).toMatchObject({ classified: 3, failed: 1 });
    expect(versions(reclassifyPodRun(state).state)).toEqual(['10', '20', '30', '40']);
  });

  it('that is the newest and fails again goes on, in a later try, from what was fixed before it', () => {
    const failed = drivePodRun(oneByOne(crashingLife()), { rules: failingAt([20, 30, 40]) });
    const once = reclassifyPodRun(failed, { rules: failingAt([30, 40]) }).state;
    expect(once.snapshot?.version).toBe('20');
    const twice = reclassifyPodRun(once).state;
    expect(standing(twice)).toEqual(standing(drivePodRun(oneByOne(crashingLife()))));
    expect(twice.timeline.map(({ attempt }) => attempt)).toEqual([1, 5, 8, 9]);
  });

  it('stay when they are malformed, whatever the rules', () => {
    const { state, result } = reclassifyPodRun(drivePodRun(oneByOne([add!, malformedChange(15)])));
    expect(result).toMatchObject({
      outcome: 'still-failing',
      reason: expect.stringContaining('containers') as unknown,
    });
    expect(result).not.toHaveProperty('rule');
    expect(state.failures).toHaveLength(1);
  });

  it('before a delete without an object leave the last verdict as it was judged then', () => {
    const failed = drivePodRun(oneByOne([add!, crash!, inferredDelete(25)]), { rules: failingAt([20]) });
    const { state } = reclassifyPodRun(failed);
    expect(standing(state)).toEqual(standing(failed));
    expect(state).toMatchObject({ failures: [], classified: 3, failed: 0 });
  });

  it('carry the run past a change without an object that was classified meanwhile', () => {
    const failed = drivePodRun(oneByOne([add!, crash!, leftScope(25)]), { rules: failingAt([20]) });
    expect(reclassifyPodRun(failed).state).toMatchObject({
      snapshot: { version: '20' },
      verdict: { primary: 'AppError' },
    });
  });
});

describe('a pod judged again', () => {
  const life = crashingLife().slice(0, 3);
  const state = drivePodRun(oneByOne(life));
  const owned = handMadeRules('owned', () => ({ tags: ['gold', 'team:shop'], team: 'shop', matched: ['owners'] }));

  it('is unchanged by the same rules', () => {
    const { state: same, result } = reclassifyPodRun(state);
    expect(result).toMatchObject({
      outcome: 'unchanged',
      from: 'Degraded, AppError, high',
      to: 'Degraded, AppError, high',
    });
    expect(same.timeline).toEqual(state.timeline);
    expect(same.verdict).toBe(state.verdict);
  });

  it('is changed by a severity, by what is no incident any more, by a team and by tags', () => {
    const milder = handMadeRules('milder', ({ verdict }) => ({
      verdict: { ...verdict, findings: verdict.findings.map((finding) => ({ ...finding, severity: 'low' as const })) },
    }));
    const excused = handMadeRules('excused', ({ verdict }) => ({ verdict: { ...verdict, incident: false } }));
    const outcomes = [milder, excused, owned].map((rules) => reclassifyPodRun(state, { rules }).result);
    expect(outcomes).toMatchObject([
      { outcome: 'changed', from: 'Degraded, AppError, high', to: 'Degraded, AppError, low' },
      { outcome: 'changed', from: 'Degraded, AppError, high, incident', to: 'Degraded, AppError, high, no incident' },
      {
        outcome: 'changed',
        from: 'Degraded, AppError, high, no team, no tags of rules',
        to: 'Degraded, AppError, high, team shop, tags gold',
      },
    ]);
  });

  it('keeps what changed as a review, and is unchanged the next time', () => {
    const once = reclassifyPodRun(state, { rules: owned }).state;
    expect(once.timeline.at(-1)).toMatchObject({
      operation: 'review',
      team: 'shop',
      rulesVersion: 'owned',
      attempt: 4,
    });
    expect(reclassifyPodRun(once, { rules: owned }).result.outcome).toBe('unchanged');
    expect(reclassifyPodRun(once).result).toMatchObject({ outcome: 'changed' });
  });

  it('is as it was when a rule can not be applied to it, and the result says why', () => {
    const { state: same, result } = reclassifyPodRun(state, { rules: failingRule('team-of') });
    expect(standing(same)).toEqual(standing(state));
    expect(result).toMatchObject({ outcome: 'unchanged', rule: 'team-of', reason: 'Rule "team-of": no label "team"' });
  });

  it('is not judged when it is gone, however long ago', () => {
    const ended = drivePodRun(
      oneByOne([...life, observedChange({ operation: 'delete', version: 40, metadata: deleting(0) })]),
    );
    const { result } = reclassifyPodRun(ended, { now: new Date('2026-03-02T12:00:00Z'), rules: owned });
    expect(result).toMatchObject({ outcome: 'unchanged', from: result.to });
  });

  it('is not judged when nothing of it was ever classified', () => {
    expect(reclassifyPodRun(drivePodRun([])).result).toMatchObject({ outcome: 'unchanged', from: 'none', to: 'none' });
  });
});

const lives = [healthyLife(), crashingLife(), [...crashingLife().slice(0, 3), inferredDelete(35)]] as const;
const broken = fc.record({
  life: fc.constantFrom(...lives),
  failing: fc.subarray([10, 20, 30, 40]),
  again: fc.subarray([10, 20, 30, 40]),
  cuts: fc.subarray([1, 2, 3]),
});

describe(`whatever fails and is tried again (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('every change is classified once in the end, in order, and none is counted twice', () => {
    check(
      broken,
      ({ life, failing, again, cuts }) => {
        const batches = [0, ...cuts].map((from, index) => life.slice(from, cuts[index]));
        const failed = drivePodRun(batches, { rules: failingAt(failing) });
        const once = reclassifyPodRun(failed, { rules: failingAt(again) }).state;
        const { state } = reclassifyPodRun(once);
        expect(once.classified + once.failed).toBe(life.length);
        expect(state).toMatchObject({
          classified: life.length,
          failed: 0,
          failures: [],
          operations: failed.operations,
        });
        const never = drivePodRun(batches);
        const own = ({ timeline }: PodRunState) => timeline.filter(({ operation }) => operation !== 'review');
        expect(own(state).map(({ version }) => version)).toEqual(own(never).map(({ version }) => version));
        const attempts = state.timeline.map(({ attempt }) => attempt);
        expect(new Set(attempts).size).toBe(attempts.length);
        expect(state.restarts).toBe(never.restarts);
        if (life.every((change) => 'snapshot' in change)) expect(state.snapshot).toEqual(never.snapshot);
      },
      60,
    );
  });

  it('the run stands where it would had nothing failed, when all that failed came last', () => {
    check(
      fc.record({ life: fc.constantFrom(...lives), from: fc.nat(3) }),
      ({ life, from }) => {
        const before = drivePodRun(oneByOne(life.slice(0, from)));
        const failed = drivePodRun(oneByOne(life.slice(from)), { state: before, rules: failingRule('all') });
        expect(failed.failures).toHaveLength(life.length - from);
        expect(standing(reclassifyPodRun(failed).state)).toEqual(standing(drivePodRun(oneByOne(life))));
      },
      60,
    );
  });
});
