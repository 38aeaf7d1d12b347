import { type CompiledRules, RuleError, type RuleSubject } from '../../../domain/pods/rules/compiled-rules.ts';
import type { Cause, Excuse, Health, Severity } from '../../../domain/pods/verdict/types.ts';

/** What rules make of one state of a pod, in the parts that a difference may be in. */
export type RuleOutcome = JudgedOutcome | FailedOutcome;

export interface JudgedOutcome {
  readonly health: Health;
  readonly primary: Cause | null;
  readonly incident: boolean;
  readonly team: string | null;
  readonly tags: readonly string[];
  readonly findings: readonly OutcomeFinding[];
}

export interface OutcomeFinding {
  readonly cause: Cause;
  readonly container?: string;
  readonly severity: Severity;
  readonly excuse?: Excuse;
}

/** A rule that matched could not be applied. */
export interface FailedOutcome {
  readonly failure: string;
}

/** Applies rules; a rule that fails is an outcome, any other error is thrown. */
export function ruleOutcome(rules: CompiledRules, subject: RuleSubject): RuleOutcome {
  try {
    const { verdict, team, tags } = rules.apply(subject);
    const { health, primary, incident, findings } = verdict;
    return { health, primary, incident, team, tags, findings };
  } catch (error) {
    if (error instanceof RuleError) return { failure: error.message };
    throw error;
  }
}
