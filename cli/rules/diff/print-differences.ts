import { printable, type TextOutput } from '../../output.ts';
import type { LoadedRules } from '../load-rules.ts';
import type { Difference, DifferenceValue } from './compare-outcomes.ts';
import type { DifferenceGroup, DifferenceGroups, DifferenceTotals } from './difference-groups.ts';

/** For people: what is compared, each way to differ once, and the totals. */
export function printDifferences(
  {
    older,
    newer,
    groups,
  }: { readonly older: LoadedRules; readonly newer: LoadedRules; readonly groups: DifferenceGroups },
  output: TextOutput,
): void {
  const lines = [`--- ${describeRules(older)}`, `+++ ${describeRules(newer)}`, ''];
  for (const group of groups.groups()) lines.push(...describeGroup(group), '');
  lines.push(describeTotals(groups.totals()));
  for (const line of lines) output.write(`${printable(line)}\n`);
}

/** One object a way to differ, one a line. */
export function printDifferencesAsJson(groups: DifferenceGroups, output: TextOutput): void {
  for (const group of groups.groups()) output.write(`${JSON.stringify(group)}\n`);
}

/** `12 pods, 340 states: 2 differ in 1 way` */
export function describeTotals({ pods, states, differing, ways, unkept }: DifferenceTotals): string {
  const all = `${count(pods, 'pod')}, ${count(states, 'state')}:`;
  if (differing === 0) return `${all} no difference`;
  const more = unkept === 0 ? '' : ` (${unkept} of them in further ways that are not listed)`;
  return `${all} ${differing} ${differing === 1 ? 'differs' : 'differ'} in ${count(ways, 'way')}${more}`;
}

function describeRules({ source, rules }: LoadedRules): string {
  return rules.count === 0
    ? `${source} (no rules)`
    : `${source} (${count(rules.count, 'rule')}, version ${rules.version})`;
}

function describeGroup({ differences, states, pods, examples, first }: DifferenceGroup): string[] {
  const others = pods - examples.length;
  const which = `${examples.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  return [
    `${count(states, 'state')} of ${count(pods, 'pod')}: ${which} (first: ${first})`,
    ...differences.map((difference) => `  ${describeDifference(difference)}`),
  ];
}

function describeDifference({ of, cause, old, new: now }: Difference): string {
  if (of === 'tags') return `tags: ${[...signed('-', old), ...signed('+', now)].join(' ')}`;
  if (of === 'failure') return failure(old, now);
  return `${of}${cause === undefined ? '' : ` of ${cause}`}: ${describeValue(old)} → ${describeValue(now)}`;
}

function failure(old: DifferenceValue, now: DifferenceValue): string {
  if (old === null) return `fails now: ${describeValue(now)}`;
  if (now === null) return `fails no more: ${describeValue(old)}`;
  return `fails with ${describeValue(old)} → ${describeValue(now)}`;
}

function signed(sign: string, tags: DifferenceValue): string[] {
  return Array.isArray(tags) ? tags.map((tag: string) => `${sign}${tag}`) : [];
}

function describeValue(value: DifferenceValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? 'none' : value.toString();
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
