import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';
import type { SessionTarget } from './session-target.ts';

/** One request of a client to a session's pod: authenticated, its target and framing found sound, nothing of it sent on yet. */
export interface SessionExchange {
  readonly request: IncomingMessage;
  readonly caller: Caller;
  readonly target: SessionTarget;
  /** What the pod is asked for: raw, with its query. */
  readonly path: string;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly protocol: 'http' | 'https';
  /** By `performance.now()`. */
  readonly receivedAtMs: number;
  /** Aborted when the client is gone, or the process cuts what is left. */
  readonly signal: AbortSignal;
}
