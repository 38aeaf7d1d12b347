import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { type FailureCode, failures } from '../../../../domain/failures.ts';
import { Problem } from '../../../http/problems/problem.ts';

/** gRPC statuses, https://grpc.io/docs/guides/status-codes/ */
const grpc = {
  cancelled: 1,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unavailable: 14,
} as const;

const unanswered = new Map<number, string>([
  [grpc.cancelled, 'No session worker answered in time.'],
  [grpc.deadlineExceeded, 'No session worker answered in time.'],
  [grpc.failedPrecondition, 'No session worker answers.'],
  [grpc.resourceExhausted, 'Temporal is at its limit and takes no more requests now.'],
  [grpc.aborted, 'The run of the session was too busy to answer.'],
  [grpc.unavailable, 'Temporal cannot be reached.'],
]);
const maxDepth = 5;

/** How the server says that a run ended after it had taken an update and before it answered it. */
const cutOffType = 'AcceptedUpdateCompletedWorkflow';

/** Whether the run ended while it worked on the update. */
export function isCutOff(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.type === cutOffType;
}

/** The run was busy (too many updates at once, or of its namespace), or the update raced with something: soon it is taken. */
export function isPassing(error: unknown): boolean {
  if (isCutOff(error) || error instanceof WorkflowExecutionAlreadyStartedError) return true;
  const status = grpcStatus(error);
  return status === grpc.resourceExhausted || status === grpc.aborted;
}

/** No run of the id is open. An update with start can still meet it: the run closed between start and update. */
export function isWithoutRun(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcStatus(error) === grpc.notFound;
}

/** The Problem behind a failed call that is not tried again. */
export function runProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { type, message } = refusal;
    if (type === cutOffType) return unavailable('The run of the session ended before it answered.', error);
    const code = isFailureCode(type) ? type : 'internal_error';
    return new Problem(code, { cause: error, ...(code === type && { detail: message }) });
  }
  if (isWithoutRun(error)) return new Problem('not_found', { detail: 'There is no such session.', cause: error });
  if (error instanceof QueryNotRegisteredError)
    return unavailable('The session worker that answered is of another release.', error);
  const status = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ? grpc.deadlineExceeded : grpcStatus(error);
  const detail = status === undefined ? undefined : unanswered.get(status);
  return detail === undefined ? new Problem('internal_error', { cause: error }) : unavailable(detail, error);
}

function unavailable(detail: string, cause: unknown): Problem {
  return new Problem('orchestrator_unavailable', { detail: `${detail} Sessions that run are served.`, cause });
}

function refusalOf(error: unknown): ApplicationFailure | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  return error.cause instanceof ApplicationFailure ? error.cause : undefined;
}

function isFailureCode(type: string | null | undefined): type is FailureCode {
  return typeof type === 'string' && Object.hasOwn(failures, type);
}

/** Of an error of grpc-js; the SDK wraps it, once or twice. */
function grpcStatus(error: unknown): number | undefined {
  let cause = error;
  for (let depth = 0; depth < maxDepth && cause instanceof Error; depth += 1, cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}
