import { changeVerdict } from './change-verdict.ts';
import {
  type CompiledRules,
  type RuledVerdict,
  RuleError,
  type RuleExplanation,
  type RuleSubject,
} from './compiled-rules.ts';
import { compileConditions, type Condition } from './conditions.ts';
import { compileEffects, type Effect, emptyRuling, type Ruling } from './effects.ts';
import type { UserRules } from './user-rules.ts';

interface CompiledRule {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly effects: readonly Effect[];
}

/**
 * Makes rules ready to be applied: patterns, globs and templates are compiled here, once. Rules look at the verdict as it
 * was decided, never at what another rule made of it. The rules must be free of faults (`platform/rules/` reads them so);
 * a faulty pattern or template throws.
 */
export function compileRules({ rules }: UserRules, version: string): CompiledRules {
  const compiled = rules.map((rule) => ({
    name: rule.name,
    conditions: compileConditions(rule.match),
    effects: compileEffects(rule),
  }));
  return {
    version,
    count: compiled.length,
    apply: (subject) => applyRules(compiled, subject),
    explain: (subject) => explainRules(compiled, subject),
  };
}

function applyRules(rules: readonly CompiledRule[], subject: RuleSubject): RuledVerdict {
  let ruling = emptyRuling;
  const matched: string[] = [];
  for (const rule of rules) {
    if (findRefusal(rule, subject) !== undefined) continue;
    ruling = runEffects(rule, ruling, subject).ruling;
    matched.push(rule.name);
  }
  const { tags, team } = ruling;
  return {
    verdict: changeVerdict(subject.verdict, ruling),
    tags: team === null ? tags : [...tags, `team:${team}`],
    team,
    matched,
  };
}

function explainRules(rules: readonly CompiledRule[], subject: RuleSubject): readonly RuleExplanation[] {
  let ruling = emptyRuling;
  return rules.map((rule) => {
    const { name, conditions } = rule;
    const refusal = findRefusal(rule, subject);
    const looked = refusal === undefined ? conditions : conditions.slice(0, conditions.indexOf(refusal) + 1);
    const reasons = looked.map((condition) => condition.explain(subject, condition !== refusal));
    if (refusal !== undefined) return { rule: name, matched: false, reasons, effects: [], failed: false };
    const matched = { rule: name, matched: true, reasons: reasons.length === 0 ? ['it asks for nothing'] : reasons };
    try {
      const { ruling: next, lines } = runEffects(rule, ruling, subject);
      ruling = next;
      return { ...matched, effects: lines, failed: false };
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      return { ...matched, effects: [error.problem], failed: true };
    }
  });
}

/** The first condition that does not hold: why a rule does not match. */
function findRefusal({ conditions }: CompiledRule, subject: RuleSubject): Condition | undefined {
  return conditions.find((condition) => !condition.holds(subject));
}

function runEffects({ name, effects }: CompiledRule, before: Ruling, subject: RuleSubject) {
  const lines: string[] = [];
  try {
    const ruling = effects.reduce((soFar, effect) => effect(soFar, subject, lines), before);
    return { ruling, lines };
  } catch (error) {
    throw new RuleError(name, error instanceof Error ? error.message : String(error));
  }
}
