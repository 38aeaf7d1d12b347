import { describe, expect, it } from '@jest/globals';
import { planSweep, type SweptPod } from '../../../../domain/sessions/sweep/plan-sweep.ts';
import { renderSweep } from '../../../../domain/sessions/sweep/sweep-result.ts';

const nowMs = 1_000_000;
const pod = (key: string, incarnation: number, parts: Partial<SweptPod> = {}): SweptPod => ({
  key,
  incarnation,
  namespace: 'sessions',
  name: `s-${key}-${incarnation}`,
  uid: `${key}${incarnation}`,
  createdMs: nowMs - 120_001,
  alive: true,
  deleting: false,
  owner: 'ours',
  ...parts,
});
const uids = (pods: readonly SweptPod[]) => pods.map(({ uid }) => uid);
const plan = (pods: readonly SweptPod[], runs: Parameters<typeof planSweep>[1] = []) => planSweep(pods, runs, nowMs);

describe('a sweep', () => {
  it('looks at old pods without a run, once per session', () => {
    const { orphans } = plan([pod('a', 1), pod('a', 3), pod('a', 2), pod('b', 1)], [{ key: 'b', podName: 's-b-1' }]);
    expect(uids(orphans)).toEqual(['a3']);
  });

  it('leaves pods alone that are young, or on their way out', () => {
    const { orphans, forged } = plan([
      pod('a', 1, { createdMs: nowMs - 119_000 }),
      pod('b', 1, { deleting: true, alive: false }),
      pod('c', 1, { createdMs: nowMs - 119_000, owner: 'forged' }),
    ]);
    expect([orphans, forged]).toEqual([[], []]);
  });

  it('an ended pod without a run is one, too: its run removes it', () => {
    expect(uids(plan([pod('a', 1, { alive: false })]).orphans)).toEqual(['a1']);
  });

  it('tells forged pods from those of a key that is not ours; neither gets a run', () => {
    const found = plan([pod('a', 9, { owner: 'forged' }), pod('b', 1, { owner: 'unknown-key' })]);
    expect([uids(found.forged), uids(found.unknownKey), uids(found.orphans)]).toEqual([['a9'], ['b1'], []]);
  });

  it('looks at pods that are not the one their run shows', () => {
    const runs = [
      { key: 'a', podName: 's-a-2' },
      { key: 'b', podName: null },
    ];
    expect(uids(plan([pod('a', 1), pod('a', 2), pod('b', 4)], runs).superseded)).toEqual(['a1', 'b4']);
  });

  it('looks at runs without a pod that lives; a forged one is none, one of an unknown key is', () => {
    const runs = ['a', 'b', 'c', 'd'].map((key) => ({ key, podName: null }));
    const pods = [pod('a', 1), pod('b', 1, { alive: false }), pod('c', 1, { owner: 'forged' })];
    expect(plan(pods, runs).podless.map(({ key }) => key)).toEqual(['b', 'c', 'd']);
    expect(plan([...pods, pod('d', 1, { owner: 'unknown-key' })], runs).podless.map(({ key }) => key)).toEqual([
      'b',
      'c',
    ]);
  });

  it('says what was done', () => {
    const nothing = {
      pods: 2,
      runs: 2,
      adopted: 0,
      deleted: 0,
      podGone: 0,
      slotsFreed: 0,
      unknownKey: 0,
      left: 0,
      problems: 0,
      reasons: [],
      uncounted: null,
    };
    expect(renderSweep(nothing)).toBe('**Nothing to repair** among 2 pods and 2 runs.');
    expect(renderSweep({ ...nothing, adopted: 2, problems: 1, reasons: ['why'], uncounted: 'no connection' })).toBe(
      [
        '**2 repaired** among 2 pods and 2 runs.',
        '',
        '- 2 pods without a run: given one',
        '- 1 could not be looked at or repaired: why',
        '',
        'Sessions could not be counted in Redis: no connection',
      ].join('\n'),
    );
  });
});
