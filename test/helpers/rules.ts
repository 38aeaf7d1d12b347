import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import { compileRules } from '../../domain/pods/rules/compile-rules.ts';
import type { RuleEffect, RuleMatch, UserRule } from '../../domain/pods/rules/user-rules.ts';

/** One rule; it adds the tag `hit` unless the test says what it does. */
export function rule(match: RuleMatch, set: RuleEffect = { tags: ['hit'] }, name = 'a-rule'): UserRule {
  return { name, match, set };
}

export function compiled(...rules: readonly UserRule[]): CompiledRules {
  return compileRules({ version: 1, rules }, 'v1');
}
