import { Context } from '@temporalio/activity';
import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { type FailureCode, failures } from '../../../domain/failures.ts';
import { failure } from '../../failure.ts';

/** Shorter than the start-to-close time-out of every activity that asks, so that this one says what was waited for. */
const askSeconds = 20;
const beatMs = 2000;

const grpc = { cancelled: 1, invalidArgument: 3, deadlineExceeded: 4, failedPrecondition: 9 };

/**
 * Asks the Temporal server something from within an activity: heartbeats meanwhile, ends when the activity is cancelled, and
 * after 20 s. Throws a failure with a code, or what `ask` throws when that says something about the run itself.
 */
export async function askTemporal<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), beatMs);
  try {
    return await Promise.race([client.withDeadline(Date.now() + askSeconds * 1000, ask), context.cancelled]);
  } catch (error) {
    const code = failureCode(error);
    throw code === undefined ? error : failure(code, `${failures[code].meaning} (${messageOf(error)})`);
  } finally {
    clearInterval(beating);
  }
}

function failureCode(error: unknown): FailureCode | undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'no_worker';
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  if (!isGrpcServiceError(cause)) return undefined;
  switch (cause.code as number) {
    case grpc.invalidArgument:
      return 'invalid_input';
    // How Temporal answers a query that no worker takes: at once when none has polled lately, else by letting it wait.
    case grpc.failedPrecondition:
    case grpc.deadlineExceeded:
    case grpc.cancelled:
      return 'no_worker';
    default:
      return 'temporal_unavailable';
  }
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
