import type { LeaseRenewal, LeaseTarget } from '../../../platform/redis/sessions/leases/leases.ts';

/** What Redis said against a session's pod. */
export type LeaseRefusal = Exclude<LeaseRenewal, 'ok'>;

/** The lease on one pod of a session; changed in place. Times by the process' monotonic clock, in milliseconds. */
export interface Lease {
  readonly target: LeaseTarget;
  /** Of the requests that took it. */
  idleTimeoutMs: number;
  /** Requests in flight. */
  count: number;
  /** Until when it may be taken without asking Redis. */
  grantedUntilMs: number;
  /** The last answer; undefined while nothing was said against it. */
  refusal: LeaseRefusal | undefined;
  /** When the newest question that was answered was sent; answers to older ones no longer count. */
  answeredSentMs: number;
  /** Since when no request is in flight; meaningless while one is. */
  idleSinceMs: number;
  /** Redis may not know of its use: it did not answer when it was taken, or when it was to be released. */
  unsent: boolean;
  /** The question that is under way, shared by all who take the lease meanwhile. */
  asking: Promise<AskedLease> | undefined;
  /** The release that is under way. */
  releasing: Promise<void> | undefined;
  /** Armed to look whether it is idle long enough. */
  keepTimer: NodeJS.Timeout | undefined;
  ending: AbortController;
}

export type AskedLease = 'granted' | 'unanswered' | LeaseRefusal;

export function newLease(target: LeaseTarget, nowMs: number): Lease {
  return {
    target,
    idleTimeoutMs: 0,
    count: 0,
    grantedUntilMs: -Infinity,
    refusal: undefined,
    answeredSentMs: -Infinity,
    idleSinceMs: nowMs,
    unsent: false,
    asking: undefined,
    releasing: undefined,
    keepTimer: undefined,
    ending: new AbortController(),
  };
}

/**
 * Takes in an answer to a question sent at `sentMs`: a grant holds for `grantMs` from then, because Redis' own time for it
 * begins later. A refusal ends the grant; `draining` and `gone` tell the requests in flight.
 */
export function takeAnswer(
  lease: Lease,
  { answer, sentMs, grantMs }: { readonly answer: LeaseRenewal; readonly sentMs: number; readonly grantMs: number },
): void {
  if (sentMs < lease.answeredSentMs) return;
  lease.answeredSentMs = sentMs;
  lease.unsent = false;
  if (answer === 'ok') {
    lease.refusal = undefined;
    lease.grantedUntilMs = sentMs + grantMs;
    return;
  }
  lease.refusal = answer;
  lease.grantedUntilMs = -Infinity;
  if (answer === 'missing') return;
  lease.ending.abort();
  // The session's run may call it back: requests after that are not told of this end.
  lease.ending = new AbortController();
}
