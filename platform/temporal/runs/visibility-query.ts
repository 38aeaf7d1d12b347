import { searchAttributes } from '../../../domain/search-attributes.ts';

/** What `runs list` can be narrowed by; each is matched exactly. */
export interface RunFilter {
  readonly type?: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly owner?: string;
  readonly node?: string;
  readonly cause?: string;
  readonly severity?: string;
  readonly state?: string;
  readonly tag?: string;
  /** Temporal's own status of the run: running, completed, failed … */
  readonly status?: string;
  /** Any further condition in Temporal's query language. */
  readonly query?: string;
}

const statuses = ['Running', 'Completed', 'Failed', 'Canceled', 'Terminated', 'ContinuedAsNew', 'TimedOut'];

/** The visibility query for a filter; throws with the accepted values when the status is none of Temporal's. */
export function visibilityQuery({ type, status, tag, query, ...attributes }: RunFilter): string {
  const conditions: string[] = [];
  if (type !== undefined) conditions.push(`WorkflowType = ${quoted(type)}`);
  for (const [attribute, value] of Object.entries(attributes) as [keyof typeof attributes, string][]) {
    conditions.push(`${searchAttributes[attribute].name} = ${quoted(value)}`);
  }
  if (tag !== undefined) conditions.push(`${searchAttributes.tags.name} = ${quoted(tag)}`);
  if (status !== undefined) conditions.push(`ExecutionStatus = ${quoted(knownStatus(status))}`);
  if (query !== undefined) conditions.push(`(${query})`);
  return conditions.join(' AND ');
}

function knownStatus(status: string): string {
  const known = statuses.find((name) => name.toLowerCase() === status.toLowerCase());
  if (known === undefined) throw new Error(`"${status}" is no status of a run: use one of ${statuses.join(', ')}.`);
  return known;
}

/** A value as Temporal's query language takes it. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
