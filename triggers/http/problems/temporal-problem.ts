import { WorkflowNotFoundError } from '@temporalio/client';
import { Problem } from './problem.ts';

/** gRPC statuses that say nothing about the request, only about the server or the way to it. */
const unavailable = new Map<number, string>([
  [1, 'The call to Temporal was cut off.'],
  [4, 'Temporal did not answer in time.'],
  [8, 'Temporal is at its limit and takes no more requests now.'],
  [14, 'Temporal cannot be reached.'],
]);
const maxDepth = 5;

/** The Problem behind a failed call of Temporal; undefined when the error is of another kind. */
export function temporalProblem(error: unknown): Problem | undefined {
  let cause = error;
  for (let depth = 0; depth < maxDepth && cause instanceof Error; depth += 1, cause = cause.cause) {
    if (cause instanceof WorkflowNotFoundError) return new Problem('not_found', { cause: error });
    // An error of grpc-js has a numeric code and details; the SDK wraps it, once or twice.
    if (!('code' in cause) || typeof cause.code !== 'number' || !('details' in cause)) continue;
    const detail = unavailable.get(cause.code);
    return detail === undefined ? undefined : new Problem('temporal_unavailable', { detail, cause: error });
  }
  return undefined;
}
