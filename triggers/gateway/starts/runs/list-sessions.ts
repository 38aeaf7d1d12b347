import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { sessionRunOptions } from '../../../../domain/sessions/state/session-run-options.ts';
import { searchAttributes } from '../../../../domain/search-attributes.ts';
import { sessionWorkflowId } from '../../../../domain/sessions/identity/session-names.ts';
import { listRunPage, type RunPage } from '../../../../platform/temporal/runs/list-run-page.ts';
import { visibilityQuery } from '../../../../platform/temporal/runs/visibility-query.ts';
import { sessionType } from '../../../../workflows/session.messages.ts';
import { Problem } from '../../../http/problems/problem.ts';
import { decodeCursor, encodeCursor } from '../../../http/runs/page-cursor.ts';
import type { SessionRow, SessionRuns } from '../session-runs.ts';
import { runProblem } from './run-problem.ts';

const grpcInvalidArgument = 3;
const listMs = 10_000;
const idPrefix = sessionWorkflowId('');

type Reading = Readonly<{ client: Client; cluster: string }>;
type ListQuery = Parameters<SessionRuns['list']>[0];

/** One page of the open runs of sessions, newest first. Throws a Problem `invalid_request` for a cursor of another list. */
export async function listSessions({ client, cluster }: Reading, query: ListQuery): ReturnType<SessionRuns['list']> {
  const { ownerHash, limit, cursor } = query;
  const filter = {
    type: sessionType,
    cluster,
    status: 'Running',
    ...(ownerHash !== undefined && { owner: ownerHash }),
  };
  const pageToken = cursor === undefined ? null : decodeCursor(filter, cursor);
  if (pageToken === undefined) throw badCursor();
  const page = { client, query: visibilityQuery(filter), pageSize: limit, pageToken };
  const { runs, nextPageToken } = await client
    .withDeadline(Date.now() + listMs, () => listRunPage(page))
    .catch((error: unknown) => {
      const refused = isGrpcServiceError(error) && (error.code as number) === grpcInvalidArgument;
      // The query is our own and valid; only a forged page token is left to be refused.
      throw refused && pageToken !== null ? badCursor(error) : runProblem(error);
    });
  return {
    sessions: runs.map(sessionRow),
    cursor: nextPageToken === null ? null : encodeCursor(filter, nextPageToken),
  };
}

function sessionRow(run: RunPage['runs'][number]): SessionRow {
  const attributes = new Map(run.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  const text = (name: string): string | null => {
    const value = attributes.get(name);
    return typeof value === 'string' ? value : null;
  };
  const memo: Partial<ReturnType<typeof sessionRunOptions>['memo']> = run.memo ?? {};
  return {
    key: run.workflowId.slice(idPrefix.length),
    sessionId: memo.sessionId ?? '',
    class: memo.class ?? '',
    state: text(searchAttributes.state.name) ?? 'Starting',
    tenant: text(searchAttributes.tenant.name) ?? '',
    since: memo.since ?? run.startTime.toISOString(),
    pod: text(searchAttributes.pod.name),
  };
}

function badCursor(cause?: unknown): Problem {
  const message = 'is not the cursor of a list like this one; start again without it';
  return new Problem('invalid_request', { errors: [{ path: 'query.cursor', message }], cause });
}
