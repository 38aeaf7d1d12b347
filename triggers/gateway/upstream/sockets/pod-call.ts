import type { AnswerHead } from '../answer/answer-head.ts';
import type { PodRequest, RequestHead } from './pod-request.ts';

/** The pod did not begin to answer in time. */
export class FirstByteTimeoutError extends Error {
  override readonly name = 'FirstByteTimeoutError';
}

/** The pod went silent in the middle of its answer. */
export class PodSilentError extends Error {
  override readonly name = 'PodSilentError';
}

/** Why a request has no whole answer. */
export interface SendFailure {
  readonly error: Error;
  /** Whether something of the request may have reached the pod. */
  readonly sent: boolean;
  /** Whether a byte of an answer came. */
  readonly received: boolean;
  /** Whether the connection had served another request before: the pod may just have closed it, as idle. */
  readonly reused: boolean;
}

/** Takes in the answer to one request. `onEnd` or `onFailed` is called once, and nothing after it. */
export interface AnswerSink {
  /** Once; hints before the answer (102, 103) are left out. */
  onHead(head: AnswerHead): void;
  /** False when no more is wanted before `resume`. */
  onBody(chunk: Buffer): boolean;
  onEnd(trailers: readonly string[]): void;
  onFailed(failure: SendFailure): void;
}

/** A request that is under way. */
export interface PodCall {
  /** All connections are taken, and no more may be opened: it waits until one is free, or it is cancelled. */
  readonly isQueued: boolean;
  /** Whether it still waits for a connection: nothing of it was sent. */
  isWaiting(): boolean;
  /** The answer is wanted again. */
  resume(): void;
  /** The answer is not wanted any more: its sink is told nothing after this. */
  cancel(): void;
}

/** A request and who wants its answer, for those who carry it. */
export interface Carried {
  readonly request: PodRequest;
  readonly head: RequestHead;
  readonly sink: AnswerSink;
}
