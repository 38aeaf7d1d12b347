import { tagText } from '../../../domain/pods/rules/text/tag.ts';
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
  /** RFC 3339: runs started at or after it. */
  readonly from?: string;
  /** RFC 3339: runs started before it. */
  readonly to?: string;
  /** Any further condition in Temporal's query language. */
  readonly query?: string;
}

const statuses = ['Running', 'Completed', 'Failed', 'Canceled', 'Terminated', 'ContinuedAsNew', 'TimedOut'];

/**
 * The visibility query for a filter; throws with the accepted values when the status is none of Temporal's, and for what is no
 * time or no tag. A status is taken in any case and as rows show it, too (`CANCELLED`, `TIMED_OUT`).
 */
export function visibilityQuery({ type, status, tag, from, to, query, ...attributes }: RunFilter): string {
  const conditions: string[] = [];
  if (type !== undefined) conditions.push(`WorkflowType = ${quoted(type)}`);
  for (const [attribute, value] of Object.entries(attributes) as [keyof typeof attributes, string][]) {
    conditions.push(`${searchAttributes[attribute].name} = ${quoted(value)}`);
  }
  if (tag !== undefined) conditions.push(`${searchAttributes.tags.name} = ${quoted(knownTag(tag))}`);
  if (status !== undefined) conditions.push(`ExecutionStatus = ${quoted(knownStatus(status))}`);
  if (from !== undefined) conditions.push(`StartTime >= ${quoted(asUtc(from))}`);
  if (to !== undefined) conditions.push(`StartTime < ${quoted(asUtc(to))}`);
  if (query !== undefined) conditions.push(`(${query})`);
  return conditions.join(' AND ');
}

function knownStatus(status: string): string {
  const plain = status.replaceAll('_', '').toLowerCase().replace('cancelled', 'canceled');
  const known = statuses.find((name) => name.toLowerCase() === plain);
  if (known === undefined) throw new Error(`"${status}" is no status of a run: use one of ${statuses.join(', ')}.`);
  return known;
}

/** Temporal on SQLite fails when it is asked for a list's element with a double quote in it. */
function knownTag(tag: string): string {
  if (tagText.pattern.test(tag)) return tag;
  throw new Error(`${JSON.stringify(tag)} is no tag: those hold only ${tagText.alphabet}.`);
}

/** Of the offsets RFC 3339 allows, visibility stores differ in what they take. */
function asUtc(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Error(`"${time}" is no time: write it as in 2026-07-01T12:00:00Z.`);
  return new Date(ms).toISOString();
}

/** A value as Temporal's query language takes it. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
