import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { Problem } from '../problems/problem.ts';

/**
 * gRPC DEADLINE_EXCEEDED; CANCELLED, when the server sees the deadline first; FAILED_PRECONDITION: a queue that nobody polls,
 * a run whose last task failed.
 */
const unanswered = new Set<number>([1, 4, 9]);
const maxDepth = 5;

/**
 * Makes a query or an update. Both are answered by a worker, not by the server: throws a Problem `no_worker` when none
 * does in time, or the one that does can't: it is of an older release, or fails to replay the run. Other errors pass.
 */
export async function askRun<T>(workflowId: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    throw new Problem('no_worker', { detail: `${why} (${workflowId})`, cause: error });
  }
}

const unansweredHint = 'No pod worker answered in time. Start one (npm run worker:pods), or look at its log.';
const unableHint = 'The pod worker that answered knows no answer. Is it of an older release? Its log says more.';

function reasonOf(error: unknown): string | undefined {
  // How the SDK says everything that a worker answers instead of a result.
  if (error instanceof QueryNotRegisteredError) return unableHint;
  let cause = error;
  for (let depth = 0; depth < maxDepth && cause instanceof Error; depth += 1, cause = cause.cause) {
    if (cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return unansweredHint;
    if (isGrpcServiceError(cause)) return unanswered.has(cause.code) ? unansweredHint : undefined;
  }
  return undefined;
}
