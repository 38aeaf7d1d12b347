import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { RunInfo } from './run-row.ts';

export interface RunPageRequest {
  readonly client: Pick<Client, 'options' | 'workflowService'>;
  readonly query: string;
  readonly pageSize: number;
  /** Where the page before ended; null asks for the first one. */
  readonly pageToken: Uint8Array | null;
}

export interface RunPage {
  readonly runs: readonly (RunInfo & Pick<WorkflowExecutionInfo, 'memo'>)[];
  /** Null on the last page. */
  readonly nextPageToken: Uint8Array | null;
}

/** One page of the runs a visibility query matches, newest first; the SDK's own list hides where a page ends. */
export async function listRunPage({ client, query, pageSize, pageToken }: RunPageRequest): Promise<RunPage> {
  const { namespace, loadedDataConverter } = client.options;
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace,
    query,
    pageSize,
    nextPageToken: pageToken,
  });
  const runs = await Promise.all(
    executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
  );
  return { runs, nextPageToken: nextPageToken.length === 0 ? null : nextPageToken };
}
