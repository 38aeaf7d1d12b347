import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noRules, RuleError, type RuleSubject } from '../../../../../domain/pods/rules/compiled-rules.ts';
import type { RuleEffect, RuleMatch, UserRule } from '../../../../../domain/pods/rules/user-rules.ts';
import { decideVerdict } from '../../../../../domain/pods/verdict/decide-verdict.ts';
import { isIncident } from '../../../../../domain/pods/verdict/selection/incident.ts';
import { causes, severities } from '../../../../../domain/pods/verdict/types.ts';
import { podNow } from '../../../../helpers/pods.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';
import { compiled } from '../../../../helpers/rules.ts';
import { anyEvidence, anySnapshot } from '../../verdict/generated-snapshots.ts';

/** Leaves out what is undefined, as a rules file does. */
function compact(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const anyMatch = fc
  .record({
    namespaces: optional(fc.array(fc.constantFrom('*', 'shop', 's?op*', 'dev'), { minLength: 1, maxLength: 2 })),
    labels: optional(fc.dictionary(fc.constantFrom('team', 'app'), fc.constantFrom('*', 'a*'), { minKeys: 1 })),
    owner: optional(fc.constantFrom('*/*', 'Job/*', 'Pod/*')),
    image: optional(fc.constantFrom('.', '^$', 'registry')),
    name: optional(fc.constantFrom('', '^web', '[0-9]')),
    causes: optional(fc.subarray([...causes], { minLength: 1 })),
  })
  .map((match) => compact(match) as RuleMatch);
const anyTag = fc.constantFrom('a', 'b', 'c', '${name}', '${labels.team}', '${owner}', '${labels.app:-none}');
const anyEffect = fc
  .record({
    tags: optional(fc.array(anyTag, { minLength: 1, maxLength: 3 })),
    severity: optional(fc.constantFrom(...severities)),
    ignore: optional(fc.constant(true as const)),
    team: optional(fc.constantFrom('one', 'two', '${namespace}')),
  })
  .map((effect) => compact(effect) as RuleEffect);
const anyRules: fc.Arbitrary<readonly UserRule[]> = fc
  .array(fc.record({ match: fc.oneof(fc.constant({}), anyMatch), set: anyEffect }), { maxLength: 6 })
  .map((rules) => rules.map((one, index) => ({ name: `rule-${index}`, ...one })));
const anySubject: fc.Arbitrary<RuleSubject> = fc
  .record({ snapshot: anySnapshot, evidence: fc.option(anyEvidence, { nil: undefined }), deleted: fc.boolean() })
  .map((parts) => ({ snapshot: parts.snapshot, verdict: decideVerdict({ ...parts, now: podNow }) }));
const anyCase = fc.record({ rules: anyRules, subject: anySubject });

function tryApply({ rules, subject }: { rules: readonly UserRule[]; subject: RuleSubject }) {
  try {
    return compiled(...rules).apply(subject);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
}

describe(`any rules on any pod (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('without rules leave the verdict as it is', () => {
    check(anySubject, (subject) => {
      const nothing = { verdict: subject.verdict, tags: [], team: null, matched: [] };
      expect(noRules.apply(subject)).toEqual(nothing);
      expect(compiled().apply(subject)).toEqual(nothing);
    });
  });

  it('throw nothing but RuleError, change nothing they are given, and always say the same', () => {
    check(anyCase, (given) => {
      const before = JSON.stringify(given);
      expect(JSON.stringify(tryApply(given))).toBe(JSON.stringify(tryApply(structuredClone(given))));
      expect(JSON.stringify(given)).toBe(before);
    });
  });

  it('are explained by what they do', () => {
    check(anyCase, ({ rules, subject }) => {
      const explained = compiled(...rules).explain(subject);
      const outcome = tryApply({ rules, subject });
      expect(explained.map(({ rule }) => rule)).toEqual(rules.map(({ name }) => name));
      const failed = explained.find((one) => one.failed);
      if (outcome instanceof RuleError) {
        expect(failed).toMatchObject({ rule: outcome.rule, effects: [outcome.problem] });
        return;
      }
      expect(failed).toBeUndefined();
      expect(explained.filter(({ matched }) => matched).map(({ rule }) => rule)).toEqual(outcome.matched);
      const told = explained.flatMap(({ effects }) => effects);
      const ownTags = outcome.tags.filter((tag) => !tag.startsWith('team:'));
      expect(told.filter((line) => /^tag \S+$/.test(line)).map((line) => line.slice(4))).toEqual(ownTags);
      expect(told.findLast((line) => line.startsWith('team '))?.split(' ')[1] ?? null).toBe(outcome.team);
    });
  });

  it('leave a verdict that obeys the rules of verdicts', () => {
    check(anyCase, (given) => {
      const outcome = tryApply(given);
      if (outcome instanceof RuleError) return;
      const { findings, primary, incident, health, droppedFindings } = outcome.verdict;
      const before = given.subject.verdict;
      const counts = findings.some(isIncident);
      if (counts || droppedFindings === undefined) expect(incident).toBe(counts);
      if (primary === null) expect(incident).toBe(false);
      else expect(findings[0]?.cause).toBe(primary);
      expect(health).toBe(before.health);
      expect(findings.length + (droppedFindings ?? 0)).toBe(before.findings.length + (before.droppedFindings ?? 0));
      expect(new TextEncoder().encode(JSON.stringify(outcome.verdict)).length).toBeLessThanOrEqual(24_000);
      const weights = findings.map((one) => (one.explainedBy === undefined ? 0 : 2) + (isIncident(one) ? 0 : 1));
      expect(weights).toEqual(weights.toSorted());
    });
  });

  it('match alike in any order, and the last team wins', () => {
    check(anyCase, ({ rules, subject }) => {
      const outcome = tryApply({ rules, subject });
      const reversed = tryApply({ rules: rules.toReversed(), subject });
      if (outcome instanceof RuleError || reversed instanceof RuleError) return;
      expect(reversed.matched).toEqual(outcome.matched.toReversed());
      const last = rules.findLast(({ name, set }) => outcome.matched.includes(name) && set.team !== undefined);
      expect(outcome.team).toBe(
        last === undefined ? null : last.set.team?.replace('${namespace}', subject.snapshot.namespace),
      );
    });
  });
});
