import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Verdict } from '../verdict/types.ts';

/** What rules look at. */
export interface RuleSubject {
  readonly snapshot: PodSnapshot;
  readonly verdict: Verdict;
}

/** A verdict after the rules. */
export interface RuledVerdict {
  readonly verdict: Verdict;
  /** What rules add, in order, without repeats; `team:<team>` last. */
  readonly tags: readonly string[];
  readonly team: string | null;
  /** Names of the rules that matched, in order. */
  readonly matched: readonly string[];
}

/** Why one rule matched or not: `owner "Job/*" does not fit Deployment/web`. */
export interface RuleExplanation {
  readonly rule: string;
  readonly matched: boolean;
  /** What decided, one line each condition looked at, in order; the last one of a rule that does not match is why. */
  readonly reasons: readonly string[];
  /** What it did, or why it failed; empty when it did not match. */
  readonly effects: readonly string[];
  readonly failed: boolean;
}

/** Rules ready to be applied. Pure. */
export interface CompiledRules {
  /** `none` without rules, else 12 hex digits of the SHA-256 of what the rules say. */
  readonly version: string;
  readonly count: number;
  /** Throws RuleError when a rule that matches can't be applied. */
  apply(subject: RuleSubject): RuledVerdict;
  /** Never throws. */
  explain(subject: RuleSubject): readonly RuleExplanation[];
}

/** A rule that matches can't be applied; the classification fails with it. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly rule: string;
  readonly problem: string;

  constructor(rule: string, problem: string) {
    super(`Rule "${rule}": ${problem}`);
    this.rule = rule;
    this.problem = problem;
  }
}

/** What is applied when there is no rules file. */
export const noRules: CompiledRules = {
  version: 'none',
  count: 0,
  apply: ({ verdict }) => ({ verdict, tags: [], team: null, matched: [] }),
  explain: () => [],
};
