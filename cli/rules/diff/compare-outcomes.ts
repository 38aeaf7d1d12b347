import type { Cause } from '../../../domain/pods/verdict/types.ts';
import type { JudgedOutcome, OutcomeFinding, RuleOutcome } from './rule-outcome.ts';

/** In the order they are told. */
const parts = ['failure', 'health', 'primary', 'incident', 'severity', 'excuse', 'team', 'tags'] as const;
export type DifferencePart = (typeof parts)[number];

/** Null is "none". Of tags, those that only this side has. */
export type DifferenceValue = string | boolean | readonly string[] | null;

/** One part of an outcome that is not the same on both sides. */
export interface Difference {
  readonly of: DifferencePart;
  /** Of the findings with this cause: of a severity and an excuse. */
  readonly cause?: Cause;
  readonly old: DifferenceValue;
  readonly new: DifferenceValue;
}

/**
 * Where two outcomes of one state differ; empty when they say the same. Pure. When a rule fails on one side, that alone is
 * the difference: there is nothing to compare with. The order of tags is no difference, a search attribute has none.
 */
export function compareOutcomes(older: RuleOutcome, newer: RuleOutcome): readonly Difference[] {
  if ('failure' in older || 'failure' in newer) {
    const [old, now] = [older, newer].map((outcome) => ('failure' in outcome ? outcome.failure : null));
    return differing({ of: 'failure', old: old ?? null, new: now ?? null });
  }
  return unique([
    ...(['health', 'primary', 'incident'] as const).flatMap((of) => differing({ of, old: older[of], new: newer[of] })),
    ...compareFindings(older.findings, newer.findings),
    ...compareTeams(older, newer),
  ]);
}

/** Rules keep the findings and may reorder them, so they are paired by cause and container. */
function compareFindings(older: readonly OutcomeFinding[], newer: readonly OutcomeFinding[]): Difference[] {
  const before = Map.groupBy(older, identify);
  const after = Map.groupBy(newer, identify);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [olds, news] = [before.get(key) ?? [], after.get(key) ?? []];
    return Array.from({ length: Math.max(olds.length, news.length) }, (_, index) => {
      const [old, now] = [olds[index], news[index]];
      const cause = (old ?? now)?.cause;
      if (cause === undefined) return [];
      return [
        ...differing({ of: 'severity', cause, old: old?.severity ?? null, new: now?.severity ?? null }),
        ...differing({ of: 'excuse', cause, old: old?.excuse ?? null, new: now?.excuse ?? null }),
      ];
    }).flat();
  });
}

function identify({ cause, container = '' }: OutcomeFinding): string {
  return `${cause}/${container}`;
}

/** A team is a tag, too: told once. */
function compareTeams(older: JudgedOutcome, newer: JudgedOutcome): Difference[] {
  const teams = differing({ of: 'team', old: older.team, new: newer.team });
  const told = (team: string | null): string | undefined => (teams.length === 0 ? undefined : `team:${team ?? ''}`);
  const removed = without(older.tags, [...newer.tags, told(older.team)]);
  const added = without(newer.tags, [...older.tags, told(newer.team)]);
  const same = removed.length === 0 && added.length === 0;
  return same ? teams : [...teams, { of: 'tags', old: removed, new: added }];
}

function without(tags: readonly string[], others: readonly (string | undefined)[]): string[] {
  return [...new Set(tags)].filter((tag) => !others.includes(tag)).toSorted();
}

function differing(difference: Difference): Difference[] {
  return difference.old === difference.new ? [] : [difference];
}

/** Each once, in an order that does not depend on that of the findings: equal differences of two pods must look alike. */
function unique(differences: readonly Difference[]): Difference[] {
  const known = new Map(differences.map((difference) => [JSON.stringify(difference), difference]));
  const position = (key: string, { of }: Difference): string => `${parts.indexOf(of)} ${key}`;
  return [...known]
    .map(([key, difference]) => ({ at: position(key, difference), difference }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ difference }) => difference);
}
