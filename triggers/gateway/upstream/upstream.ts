import type { Socket } from 'node:net';
import type { Route } from '../routes/route-table.ts';
import type { AnswerSink, PodCall } from './sockets/pod-call.ts';
import type { PodRequest } from './sockets/pod-request.ts';

/** No connection came about: refused, unreachable or not in time. Nothing was sent. */
export class ConnectFailedError extends Error {
  override readonly name = 'ConnectFailedError';
}

/** What answers at the address is not the pod. Nothing of a client's was sent. */
export class WrongPodError extends Error {
  override readonly name: string = 'WrongPodError';
}

/** The pod has no way to prove itself and can't be trusted without; it was not even asked. */
export class UnprovablePodError extends WrongPodError {
  override readonly name = 'UnprovablePodError';
}

/** Connections to session pods; each new one proves itself before anything of a client's goes over it. */
export interface Upstream {
  /** Sends a request over one of at most 16 connections to the pod. Where none comes about it fails with one of the two above. */
  send(route: Route, request: PodRequest, sink: AnswerSink): PodCall;
  /** A proven socket of its own, for a WebSocket. Throws the two above, or the signal's reason. */
  connect(route: Route, signal: AbortSignal): Promise<Socket>;
  /** Lets go of a pod's sockets once their requests are over. */
  forget(podUid: string): void;
  close(): Promise<void>;
}
