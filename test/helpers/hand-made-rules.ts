import {
  type CompiledRules,
  noRules,
  RuleError,
  type RuledVerdict,
  type RuleSubject,
} from '../../domain/pods/rules/compiled-rules.ts';

/** Rules as a function; a real rules file is only one way to get them. */
export function handMadeRules(version: string, apply: (subject: RuleSubject) => Partial<RuledVerdict>): CompiledRules {
  return { ...noRules, version, count: 1, apply: (subject) => ({ ...noRules.apply(subject), ...apply(subject) }) };
}

/** A rule that can't be applied to pods of which this holds. */
export function failingRule(name: string, holds: (subject: RuleSubject) => boolean = () => true): CompiledRules {
  return handMadeRules(`with-${name}`, (subject) => {
    if (holds(subject)) throw new RuleError(name, 'no label "team"');
    return {};
  });
}

/** Fails for these versions of a pod's snapshot. */
export function failingAt(versions: readonly (number | string)[], name = 'team-of'): CompiledRules {
  const failing = versions.map(String);
  return failingRule(name, ({ snapshot }) => failing.includes(snapshot.version));
}
