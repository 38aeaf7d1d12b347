import type { SessionStart } from '../../../workflows/session.messages.ts';
import type { HeldLease } from '../leases/lease-holder.ts';
import type { Route } from '../routes/route-table.ts';
import type { SessionTarget } from './session-target.ts';

/** A pod, and the right to send to it. Whoever gets it releases the lease. */
export interface ReachedSession {
  readonly route: Route;
  readonly lease: HeldLease;
  readonly start: SessionStart;
}

export interface ReachOptions {
  /** The route of the last try, when no connection to it came about. */
  readonly suspect?: Route;
  /** By `performance.now()`: until when the request may be held. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Finds the pod of a session, has one made when there is none, and takes a lease on it. Throws a Problem. */
export type ReachSession = (target: SessionTarget, options: ReachOptions) => Promise<ReachedSession>;
