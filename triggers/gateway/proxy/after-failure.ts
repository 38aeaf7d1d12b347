import { Problem } from '../../http/problems/problem.ts';
import { FirstByteTimeoutError, PodSilentError } from '../upstream/sockets/pod-call.ts';
import { ConnectFailedError, UnprovablePodError, WrongPodError } from '../upstream/upstream.ts';
import { ClientGoneError, ClientStalledError, type FailedTry } from './pod-answer.ts';
import { BodyStalledError, BodyTooLargeError } from './body/request-body.ts';

/** All of a pod's sockets stayed busy for as long as the request may be held. */
export class PodBusyError extends Error {
  override readonly name = 'PodBusyError';
}

export interface Attempt {
  readonly failed: FailedTry;
  /** Whether the request can be sent once more and means the same. */
  readonly replayable: boolean;
}

/**
 * `suspect`: its run should look at the pod. `drop`: the route may lead to another pod. `wrong`: it does, so both. `again`:
 * there is nothing to say of the pod.
 */
export type NextStep = 'suspect' | 'drop' | 'wrong' | 'again' | Problem;

/**
 * What follows on a try that failed before its client got anything. Only what no pod has seen is sent again, or what was
 * sent on a connection that its end had closed before, as idle, and that a server may get twice (RFC 9110, section
 * 9.2.2); a POST that a pod may have seen never is.
 */
export function afterFailure({ failed, replayable }: Attempt): NextStep {
  const { error, sent, received, reused } = failed;
  if (error instanceof ConnectFailedError) return 'suspect';
  if (error instanceof UnprovablePodError) return 'drop';
  if (error instanceof WrongPodError) return 'wrong';
  const own = ownProblem(error);
  if (own !== undefined) return own;
  if (!sent || (reused && !received && replayable)) return 'again';
  const detail = received
    ? 'The pod of the session answered with something that is not HTTP, or stopped in the middle of its headers.'
    : 'The pod of the session closed the connection without an answer; it may have seen the request.';
  return new Problem('pod_gone', { detail, cause: error });
}

function ownProblem(error: unknown): Problem | undefined {
  if (error instanceof BodyTooLargeError) return new Problem('body_too_large', { cause: error });
  if (error instanceof BodyStalledError) return new Problem('request_timeout', { cause: error });
  if (error instanceof PodBusyError) {
    const detail = 'All 16 connections to the pod of the session are in use by other requests.';
    return new Problem('too_many_waiters', { detail, cause: error });
  }
  if (error instanceof FirstByteTimeoutError) return new Problem('first_byte_timeout', { cause: error });
  return undefined;
}

/** By what an answer that was cut goes into the metric. */
export function cutCode(error: unknown): string {
  if (error instanceof ClientGoneError) return 'client_gone';
  if (error instanceof ClientStalledError) return 'client_stalled';
  if (error instanceof BodyTooLargeError) return 'body_too_large';
  if (error instanceof BodyStalledError) return 'request_timeout';
  return error instanceof PodSilentError ? 'idle_timeout' : 'pod_gone';
}
