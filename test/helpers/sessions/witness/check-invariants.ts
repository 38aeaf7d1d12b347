import { findDisagreements } from './checks/disagreements.ts';
import { findEarlyRemovals } from './checks/early-removals.ts';
import { findSecondPods } from './checks/second-pods.ts';
import { findTooMany } from './checks/too-many.ts';
import { findWrongAnswers } from './checks/wrong-answers.ts';
import type { ClientRequest, PodChange, PodRequest, RecordSample } from './tables.ts';

/** What the witnesses saw. */
export interface Evidence {
  readonly requests: readonly ClientRequest[];
  /** In the order the API server told them. */
  readonly changes: readonly PodChange[];
  readonly podRequests: readonly PodRequest[];
  readonly samples: readonly RecordSample[];
}

export interface CheckOptions {
  /** By the name of a class's pods this is the same for all of them in one test. */
  readonly idleTimeoutSeconds: number;
  /** Sessions there may be at once. */
  readonly limit: number;
  /** How long runs and pods may differ. */
  readonly graceSeconds: number;
  /** Client ids of sessions that the test ended itself (DELETE, kills, maximum lifetime): they may be removed at any time. */
  readonly endedOnPurpose?: readonly string[];
}

/**
 * The five invariants of sessions (docs/sessions.md), judged by what independent witnesses saw. Each violation is a sentence that
 * begins with the number of its invariant.
 */
export function checkInvariants(evidence: Evidence, options: CheckOptions): readonly string[] {
  return [
    ...findSecondPods(evidence).map((text) => `1: ${text}`),
    ...findWrongAnswers(evidence).map((text) => `2: ${text}`),
    ...findEarlyRemovals(evidence, options).map((text) => `3: ${text}`),
    ...findDisagreements(evidence, options).map((text) => `4: ${text}`),
    ...findTooMany(evidence, options).map((text) => `5: ${text}`),
  ];
}
