import type { Route } from '../routes/route-table.ts';

/** Proof that a request is in flight; taken before the first byte goes to the pod. */
export interface HeldLease {
  /** Aborted when the session is being ended (a renewal said so): finish soon; a WebSocket is told 1001. */
  readonly ending: AbortSignal;
  /** The request is over. Idempotent. */
  release(): void;
}

/**
 * `draining`: the session's run can call it back. `gone`, `missing`: only the run knows which pod is next.
 * `unleased`: Redis did not answer; a route that is known is served all the same (the lease is sent when Redis is back).
 */
export type LeaseTaken =
  | { readonly state: 'held'; readonly lease: HeldLease; readonly unleased: boolean }
  | { readonly state: 'draining' | 'gone' | 'missing' };

/** The leases of this gateway process: one per session and incarnation, counted by requests. */
export interface LeaseHolder {
  /** Answers at once while a grant is in force (10 s from its sending), else asks Redis. */
  take(route: Pick<Route, 'key' | 'incarnation'>, idleTimeoutSeconds: number): LeaseTaken | Promise<LeaseTaken>;
  /** Sessions a lease is held on. */
  readonly count: number;
  /** Releases everything and deregisters; call it when no request is in flight any more. */
  close(): Promise<void>;
}
