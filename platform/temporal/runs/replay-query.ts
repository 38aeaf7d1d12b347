import type { ReplayFilter } from '../../../domain/replay/replay.ts';
import { visibilityQuery } from './visibility-query.ts';

export interface ReplayQueryInput {
  readonly cluster: string;
  readonly filter: ReplayFilter;
  /** RFC 3339; runs started later are left out. */
  readonly requestedAt: string;
}

/** The visibility query for the pod runs a replay takes: open ones, and those that failed. Others have nothing to try. */
export function replayQuery({ cluster, filter, requestedAt }: ReplayQueryInput): string {
  const { select, rule, from, to, ...exact } = filter;
  return visibilityQuery({
    ...exact,
    type: 'podLifecycle',
    cluster,
    ...(select === 'failed' ? { state: 'classification-failed' } : {}),
    ...(rule === undefined ? {} : { tag: `failed-rule:${rule}` }),
    ...(from === undefined ? {} : { from: asUtc(from) }),
    to: asUtc(to === undefined || Date.parse(requestedAt) < Date.parse(to) ? requestedAt : to),
    query: `ExecutionStatus = 'Running' OR ExecutionStatus = 'Failed'`,
  });
}

/** Of the offsets RFC 3339 allows, visibility stores differ in what they take. */
function asUtc(time: string): string {
  return new Date(time).toISOString();
}
