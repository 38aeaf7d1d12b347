import type { SessionStart } from '../../../workflows/session.messages.ts';
import type { Route } from '../routes/route-table.ts';
import type { SessionTarget } from '../session/session-target.ts';

export interface ReadySession {
  readonly route: Route;
  readonly start: SessionStart;
}

export interface EnsureOptions {
  /** The incarnation that could not be reached: its run looks whether it still lives. At most one report per incarnation in 5 s. */
  readonly suspect?: number;
  /** A lease on this incarnation was refused because Redis knows nothing of it: its run publishes it again. */
  readonly unpublished?: number;
  /** What the watch shows up to this incarnation was refused; what the run answers counts all the same. 0 refuses nothing. */
  readonly above: number;
  /** By `performance.now()`; then 503 `starting`. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Has a session's run make, find or call back its pod. */
export interface SessionStarter {
  /**
   * Waits until the session has a pod that takes requests, by its run's answer or the gateway's own watch, whichever is
   * first. Throws a Problem: a limit, no orchestrator, not in time, or why the pod can't start.
   */
  ensure(target: SessionTarget, options: EnsureOptions): Promise<ReadySession>;
  /** Requests that wait now. */
  readonly waiting: number;
}
