import type { Difference } from './compare-outcomes.ts';
import type { JudgedState } from '../states/judged-state.ts';

/** All states that differ in the same way. */
export interface DifferenceGroup {
  readonly differences: readonly Difference[];
  readonly states: number;
  readonly pods: number;
  /** The first few pods, `namespace/name`. */
  readonly examples: readonly string[];
  /** Where the first of these states is. */
  readonly first: string;
}

export interface DifferenceTotals {
  readonly pods: number;
  readonly states: number;
  /** States that differ at all, and in how many ways. */
  readonly differing: number;
  readonly ways: number;
  /** States whose way of differing came after the limit and is not kept. */
  readonly unkept: number;
}

/** Counts states and gathers what differs. Grows with pods and with ways to differ (to a limit), not with states. */
export interface DifferenceGroups {
  add(state: JudgedState, differences: readonly Difference[]): void;
  /** In the order they were first seen. */
  groups(): readonly DifferenceGroup[];
  totals(): DifferenceTotals;
}

/** Nobody reads more; a tag that holds a pod's name differs in another way for each pod. */
const maxWays = 1000;
const maxExamples = 5;

export function createDifferenceGroups(limit = maxWays): DifferenceGroups {
  const pods = new Set<string>();
  const groups = new Map<string, OpenGroup>();
  let states = 0;
  let differing = 0;
  let unkept = 0;
  const groupOf = (state: JudgedState, differences: readonly Difference[]): OpenGroup | undefined => {
    const key = JSON.stringify(differences);
    const known = groups.get(key);
    if (known !== undefined || groups.size === limit) return known;
    const opened: OpenGroup = { differences, states: 0, pods: new Set(), examples: new Set(), first: state.place };
    groups.set(key, opened);
    return opened;
  };
  return {
    add(state, differences) {
      states += 1;
      pods.add(state.key);
      if (differences.length === 0) return;
      differing += 1;
      const group = groupOf(state, differences);
      if (group === undefined) {
        unkept += 1;
        return;
      }
      group.states += 1;
      group.pods.add(state.key);
      if (group.examples.size < maxExamples) group.examples.add(state.pod);
    },
    groups: () =>
      [...groups.values()].map((group) => ({ ...group, pods: group.pods.size, examples: [...group.examples] })),
    totals: () => ({ pods: pods.size, states, differing, ways: groups.size, unkept }),
  };
}

interface OpenGroup {
  readonly differences: readonly Difference[];
  states: number;
  readonly pods: Set<string>;
  readonly examples: Set<string>;
  readonly first: string;
}
