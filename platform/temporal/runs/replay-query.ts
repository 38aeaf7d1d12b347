import type { ReplayFilter } from '../../../domain/replay/replay.ts';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { quoted, visibilityQuery } from './visibility-query.ts';

export interface ReplayQueryInput {
  readonly cluster: string;
  readonly filter: ReplayFilter;
}

const failedState = 'classification-failed';

/**
 * The visibility query for the pod runs a replay takes: open ones, those that failed, and those ended from outside whose failed
 * inputs are lost. Others have nothing to try. When it was asked for is no bound: clocks differ, and a run that continued as new
 * since then starts later.
 */
export function replayQuery({ cluster, filter }: ReplayQueryInput): string {
  const { select, rule, ...exact } = filter;
  return visibilityQuery({
    ...exact,
    type: 'podLifecycle',
    cluster,
    ...(select === 'failed' ? { state: failedState } : {}),
    ...(rule === undefined ? {} : { tag: `failed-rule:${rule}` }),
    query: `ExecutionStatus IN ('Running', 'Failed') OR (${endedFromOutside})`,
  });
}

const endedFromOutside =
  `ExecutionStatus IN ('Canceled', 'Terminated', 'TimedOut') AND ` +
  `${searchAttributes.state.name} = ${quoted(failedState)}`;
