import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { Problem } from '../problems/problem.ts';

/** gRPC DEADLINE_EXCEEDED, and FAILED_PRECONDITION: a queue that nobody polls, a run whose last task failed. */
const unanswered = new Set<number>([4, 9]);
const maxDepth = 5;

/**
 * Makes a query or an update. Both are answered by a worker, not by the server: throws a Problem `no_worker` when none
 * does in time. Other errors pass.
 */
export async function askRun<T>(workflowId: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    throw new Problem('no_worker', {
      detail: `No pod worker answered for ${workflowId} in time. Start one (npm run worker:pods), or look at its log.`,
      cause: error,
    });
  }
}

function isUnanswered(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < maxDepth && cause instanceof Error; depth += 1, cause = cause.cause) {
    if (cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
    if (isGrpcServiceError(cause)) return unanswered.has(cause.code);
  }
  return false;
}
