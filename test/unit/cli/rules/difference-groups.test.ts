import { describe, expect, it } from '@jest/globals';
import { createDifferenceGroups } from '../../../../cli/rules/diff/difference-groups.ts';
import { describeTotals } from '../../../../cli/rules/diff/print-differences.ts';
import type { JudgedState } from '../../../../cli/rules/states/judged-state.ts';
import type { Difference } from '../../../../cli/rules/diff/compare-outcomes.ts';

const noIncident: Difference = { of: 'incident', old: true, new: false };
const tagged = (tag: string): Difference => ({ of: 'tags', old: [], new: [tag] });

function stateOf(pod: string, place = 'file line 1'): JudgedState {
  return { key: `uid of ${pod}`, pod, place, subject: undefined as never };
}

describe('groups of differences', () => {
  it('hold each way to differ once, with its states, pods, first few names and first place', () => {
    const groups = createDifferenceGroups();
    groups.add(stateOf('shop/fine'), []);
    for (let number = 0; number < 7; number += 1) {
      groups.add(stateOf(`shop/web-${number}`, `file line ${number}`), [noIncident]);
      groups.add(stateOf(`shop/web-${number}`), [noIncident]);
    }
    groups.add(stateOf('shop/web-0'), [noIncident, tagged('x')]);
    expect(groups.groups()).toEqual([
      {
        differences: [noIncident],
        states: 14,
        pods: 7,
        examples: ['shop/web-0', 'shop/web-1', 'shop/web-2', 'shop/web-3', 'shop/web-4'],
        first: 'file line 0',
      },
      { differences: [noIncident, tagged('x')], states: 1, pods: 1, examples: ['shop/web-0'], first: 'file line 1' },
    ]);
    expect(describeTotals(groups.totals())).toBe('8 pods, 16 states: 15 differ in 2 ways');
  });

  it('stop at a limit, and count what they leave out', () => {
    const groups = createDifferenceGroups(2);
    for (const tag of ['a', 'b', 'c', 'd', 'a']) groups.add(stateOf('shop/web'), [tagged(tag)]);
    expect(groups.groups().map(({ states }) => states)).toEqual([2, 1]);
    expect(describeTotals(groups.totals())).toBe(
      '1 pod, 5 states: 5 differ in 2 ways (2 of them in further ways that are not listed)',
    );
  });

  it('say so when nothing differs', () => {
    const groups = createDifferenceGroups();
    groups.add(stateOf('shop/web'), []);
    expect(describeTotals(groups.totals())).toBe('1 pod, 1 state: no difference');
  });
});
