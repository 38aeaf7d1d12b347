import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { searchAttributes } from '../../../domain/search-attributes.ts';

/** One run as `runs list` shows it. */
export interface RunRow {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly state: string | null;
  readonly cause: string | null;
  readonly severity: string | null;
  readonly restarts: number | null;
  readonly tags: readonly string[];
  readonly url: string | null;
}

/** The part of what Temporal says of a run that its row is made of. */
export interface RunInfo extends Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'type' | 'startTime'> {
  readonly status: Pick<WorkflowExecutionInfo['status'], 'name'>;
  readonly closeTime?: Date | undefined;
  readonly typedSearchAttributes: Pick<TypedSearchAttributes, 'getAll'>;
}

/** Reads a run's row out of what visibility says of it. */
export function runRow(info: RunInfo, url: string | undefined): RunRow {
  const attributes = new Map(info.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  const text = (name: string): string | null => {
    const value = attributes.get(name);
    return typeof value === 'string' ? value : null;
  };
  const restarts = attributes.get(searchAttributes.restarts.name);
  const tags = attributes.get(searchAttributes.tags.name);
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    type: info.type,
    status: info.status.name,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    state: text(searchAttributes.state.name),
    cause: text(searchAttributes.cause.name),
    severity: text(searchAttributes.severity.name),
    restarts: typeof restarts === 'number' ? restarts : null,
    tags: Array.isArray(tags) ? tags : [],
    url: url ?? null,
  };
}
