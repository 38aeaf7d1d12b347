import { WorkflowNotFoundError } from '@temporalio/client';
import { replayWorkflowId } from '../../../../domain/names.ts';
import type { HttpDependencies } from '../../http-app.ts';
import { describeRun } from '../describe-run.ts';

export interface CancelledReplay {
  readonly replayId: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string;
  /** False when it had ended before. */
  readonly cancelling: boolean;
}

/**
 * Asks a replay to end: it finishes the runs it has begun and tells what it did. What was tried stays tried. Needs no worker.
 * Throws a Problem `not_found` as `describeRun`.
 */
export async function cancelReplay(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  replayId: string,
): Promise<CancelledReplay> {
  const { client, cluster, runUrl } = dependencies;
  const workflowId = replayWorkflowId(cluster, replayId);
  const { runId, closeTime } = (await describeRun(dependencies, { workflowId })).description;
  const cancelling = closeTime === undefined && (await cancel(client, workflowId));
  return { replayId, workflowId, runId, url: runUrl(workflowId, runId), cancelling };
}

/** By the workflow id alone: the run may just continue as new. False when it ended in between. */
async function cancel({ workflow }: HttpDependencies['client'], workflowId: string): Promise<boolean> {
  try {
    await workflow.getHandle(workflowId).cancel();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
