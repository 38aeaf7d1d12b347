import type { ReplayFilter } from '../replay.ts';

/** A filter as a person says it: `runs with failed classifications, namespace shop, cause OOMKilled`. */
export function describeFilter({ select, from, to, ...exact }: ReplayFilter): string {
  const parts = [select === 'all' ? 'all runs' : 'runs with failed classifications'];
  for (const [field, value] of Object.entries(exact) as [string, string | undefined][]) {
    if (value !== undefined) parts.push(`${field} ${value}`);
  }
  if (from !== undefined) parts.push(`started at ${from} or later`);
  if (to !== undefined) parts.push(`started before ${to}`);
  return parts.join(', ');
}
