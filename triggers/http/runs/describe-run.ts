import { type WorkflowExecutionDescription, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { isOwnRunId, type OwnRunType, ownRunType } from './own-runs.ts';

export interface RunReference {
  readonly workflowId: string;
  /** One run of the id; the latest when left out. */
  readonly runId?: string | undefined;
}

export interface DescribedRun {
  readonly type: OwnRunType;
  readonly description: WorkflowExecutionDescription;
  /** Of exactly this run. */
  readonly handle: WorkflowHandle;
}

/**
 * Finds a run of this cluster. Needs no worker. Throws a Problem `not_found` for one that is not there, and just so for one
 * that is not Podkeeper's or not of this cluster.
 */
export async function describeRun(
  { client, cluster }: Pick<HttpDependencies, 'client' | 'cluster'>,
  { workflowId, runId }: RunReference,
): Promise<DescribedRun> {
  if (!isOwnRunId(cluster, workflowId)) throw noRun(workflowId);
  const description = await client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .catch((error: unknown) => {
      throw error instanceof WorkflowNotFoundError ? noRun(workflowId, error) : error;
    });
  const type = ownRunType(cluster, description);
  if (type === undefined) throw noRun(workflowId);
  return { type, description, handle: client.workflow.getHandle(workflowId, description.runId) };
}

function noRun(workflowId: string, cause?: unknown): Problem {
  const detail = `There is no run "${workflowId}" here. GET /api/v1/runs lists those there are.`;
  return new Problem('not_found', { detail, cause });
}
