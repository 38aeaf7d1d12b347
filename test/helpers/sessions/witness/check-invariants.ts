import { findDisagreements } from './checks/disagreements.ts';
import { findEarlyRemovals } from './checks/early-removals.ts';
import { findSecondPods } from './checks/second-pods.ts';
import { findTooMany } from './checks/too-many.ts';
import { findWrongAnswers } from './checks/wrong-answers.ts';
import type { CheckOptions, Evidence } from './evidence.ts';

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
