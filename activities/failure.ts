import { ApplicationFailure } from '@temporalio/activity';
import { type FailureCode, failures } from '../domain/failures.ts';
import type { RuleError } from '../domain/pods/rules/compiled-rules.ts';

/** The failure an activity throws on purpose: its type is the code, and the table says whether trying again can help. */
export function failure(code: FailureCode, cause: unknown): ApplicationFailure {
  return create(code, cause, []);
}

/** The failure of a classification that a user rule made fail; its details name the rule. */
export function ruleFailure(error: RuleError): ApplicationFailure {
  return create('rule_failed', error, [{ rule: error.rule }]);
}

function create(code: FailureCode, cause: unknown, details: unknown[]): ApplicationFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return ApplicationFailure.create({ type: code, message, nonRetryable: !failures[code].retryable, details });
}
