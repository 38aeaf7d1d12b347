import { isGrpcServiceError } from '@temporalio/client';
import { listRunPage, type RunPage } from '../../../platform/temporal/runs/list-run-page.ts';
import { type RunRow, runRow } from '../../../platform/temporal/runs/run-row.ts';
import { quoted, type RunFilter, visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import type { HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { ownRunTypes } from './own-runs.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

/** What a list of the API is narrowed by: the cluster is this process' own, and nobody sends a query. */
export type OwnRunFilter = Omit<RunFilter, 'cluster' | 'query'>;

export interface ListRunsRequest {
  readonly filter: OwnRunFilter;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface RunList {
  readonly items: readonly RunRow[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

type Reading = Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>;

/** One page of this cluster's runs, newest first. Throws a Problem `invalid_request` for a cursor of another list. */
export async function listRuns(dependencies: Reading, { filter, limit, cursor }: ListRunsRequest): Promise<RunList> {
  const { cluster, runUrl } = dependencies;
  const listed = { ...filter, cluster };
  const pageToken = cursor === undefined ? null : decodeCursor(listed, cursor);
  if (pageToken === undefined) throw badCursor();
  const { runs, nextPageToken } = await readPage(dependencies, { filter, limit, pageToken });
  return {
    items: runs.map((run) => runRow(run, runUrl(run.workflowId, run.runId))),
    nextCursor: nextPageToken === null ? null : encodeCursor(listed, nextPageToken),
  };
}

/** The visibility query for runs of this cluster and of Podkeeper's types only. */
function ownRunsQuery(cluster: string, filter: OwnRunFilter): string {
  return visibilityQuery({ ...filter, cluster, query: `WorkflowType IN (${ownRunTypes.map(quoted).join(', ')})` });
}

const grpcInvalidArgument = 3;

async function readPage(
  { client, cluster }: Reading,
  request: { readonly filter: OwnRunFilter; readonly limit: number; readonly pageToken: Uint8Array | null },
): Promise<RunPage> {
  const { filter, limit, pageToken } = request;
  try {
    return await listRunPage({ client, query: ownRunsQuery(cluster, filter), pageSize: limit, pageToken });
  } catch (error) {
    const refused = isGrpcServiceError(error) && (error.code as number) === grpcInvalidArgument;
    // The query is our own and valid; only a forged page token is left to be refused.
    if (refused && pageToken !== null) throw badCursor(error);
    throw error;
  }
}

function badCursor(cause?: unknown): Problem {
  const message = 'is not the nextCursor of a list with this filter; start again without it';
  return new Problem('invalid_request', { errors: [{ path: 'query.cursor', message }], cause });
}
