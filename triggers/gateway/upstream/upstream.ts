import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Route } from '../routes/route-table.ts';

/** No connection came about: refused, unreachable or not in time. Nothing was sent. */
export class ConnectFailedError extends Error {
  override readonly name = 'ConnectFailedError';
}

/** What answers at the address is not the pod. Nothing of a client's was sent. */
export class WrongPodError extends Error {
  override readonly name = 'WrongPodError';
}

/** Connections to session pods; each new one proves itself before anything of a client's goes over it. */
export interface Upstream {
  /** Sends requests to one pod, over at most 16 sockets. Its connect errors are the two above. */
  dispatcher(route: Route): Dispatcher;
  /** A proven socket of its own, for a WebSocket. Throws the two above, or the signal's reason. */
  connect(route: Route, signal: AbortSignal): Promise<Socket>;
  /** Whether a request failed with this on a socket that had served another one before. */
  wasReused(error: unknown): boolean;
  /** Lets go of a pod's sockets once their requests are over. */
  forget(podUid: string): void;
  close(): Promise<void>;
}
