import { ApplicationFailure } from '@temporalio/activity';
import { type FailureCode, failures } from '../domain/failures.ts';

/** The failure an activity throws on purpose: its type is the code, and the table says whether trying again can help. */
export function failure(code: FailureCode, cause: unknown): ApplicationFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return ApplicationFailure.create({ type: code, message, nonRetryable: !failures[code].retryable });
}
