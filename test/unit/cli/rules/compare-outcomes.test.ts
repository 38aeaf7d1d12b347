import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareOutcomes, type Difference } from '../../../../cli/rules/diff/compare-outcomes.ts';
import type { JudgedOutcome, RuleOutcome } from '../../../../cli/rules/diff/rule-outcome.ts';
import { causes, excuses, severities } from '../../../../domain/pods/verdict/types.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const judged: JudgedOutcome = {
  health: 'Degraded',
  primary: 'OOMKilled',
  incident: true,
  team: null,
  tags: ['batch'],
  findings: [
    { cause: 'OOMKilled', container: 'app', severity: 'high' },
    { cause: 'AppError', container: 'proxy', severity: 'medium' },
  ],
};
const [oom, appError] = judged.findings;

function against(newer: Partial<JudgedOutcome>): readonly Difference[] {
  return compareOutcomes(judged, { ...judged, ...newer });
}

const tag = fc.constantFrom('batch', 'night', 'team:red', 'team:blue');
const outcome: fc.Arbitrary<RuleOutcome> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ failure: fc.constantFrom('Rule "a": no', 'Rule "b": no') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      health: fc.constantFrom('Healthy', 'Degraded'),
      primary: fc.constantFrom('OOMKilled', 'AppError', null),
      incident: fc.boolean(),
      team: fc.constantFrom('red', 'blue', null),
      tags: fc.array(tag, { maxLength: 4 }),
      findings: fc.array(
        fc.record(
          {
            cause: fc.constantFrom(...causes.slice(0, 3)),
            container: fc.constantFrom('app', 'proxy'),
            severity: fc.constantFrom(...severities),
            excuse: fc.constantFrom(...excuses),
          },
          { requiredKeys: ['cause', 'severity'] },
        ),
        { maxLength: 4 },
      ),
    }),
  },
);

describe('the difference of two outcomes', () => {
  it.each<[string, Partial<JudgedOutcome>, readonly Difference[]]>([
    ['nothing', {}, []],
    ['an incident that is none any more', { incident: false }, [{ of: 'incident', old: true, new: false }]],
    [
      'another primary cause',
      { primary: 'AppError', findings: [appError!, oom!] },
      [{ of: 'primary', old: 'OOMKilled', new: 'AppError' }],
    ],
    [
      'another severity, by cause',
      { findings: [{ ...oom!, severity: 'low' }, appError!] },
      [{ of: 'severity', cause: 'OOMKilled', old: 'high', new: 'low' }],
    ],
    [
      'an excuse, by cause',
      { findings: [oom!, { ...appError!, excuse: 'ignored' }] },
      [{ of: 'excuse', cause: 'AppError', old: null, new: 'ignored' }],
    ],
    ['tags of one side only', { tags: ['night', 'batch'] }, [{ of: 'tags', old: [], new: ['night'] }]],
    ['a team, told once though it is a tag too', { team: 'red', tags: ['batch', 'team:red'] }, [teamIs('red')]],
  ])('is %s', (_, newer, differences) => {
    expect(against(newer)).toEqual(differences);
  });

  it('names a tag that only looks like the one of the team', () => {
    expect(against({ team: 'red', tags: ['team:blue', 'batch', 'team:red'] })).toEqual([
      teamIs('red'),
      { of: 'tags', old: [], new: ['team:blue'] },
    ]);
  });

  it('is the failure alone when a rule fails on one side', () => {
    const failed = { failure: 'Rule "a": no label' };
    expect(compareOutcomes(judged, failed)).toEqual([{ of: 'failure', old: null, new: failed.failure }]);
    expect(compareOutcomes(failed, judged)).toEqual([{ of: 'failure', old: failed.failure, new: null }]);
    expect(compareOutcomes(failed, { ...failed })).toEqual([]);
  });

  it('says the same of two containers once', () => {
    const older = { ...judged, findings: [oom!, { ...oom!, container: 'other' }] };
    const newer = { ...judged, findings: older.findings.map((finding) => ({ ...finding, severity: 'low' as const })) };
    expect(compareOutcomes(older, newer)).toHaveLength(1);
  });

  it(`is empty for an outcome and itself (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
    check(outcome, (one) => expect(compareOutcomes(one, structuredClone(one))).toEqual([]));
  });

  it(`swaps its sides with them (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
    check(fc.tuple(outcome, outcome), ([one, other]) => {
      const swapped = compareOutcomes(other, one).map(({ old, new: now, ...of }) => ({ ...of, old: now, new: old }));
      expect(new Set(swapped)).toEqual(new Set(compareOutcomes(one, other)));
    });
  });

  it(`does not depend on the order of findings and tags (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
    const distinct = (one: RuleOutcome) =>
      'failure' in one
        ? one
        : { ...one, findings: [...new Map(one.findings.map((f) => [`${f.cause}/${f.container}`, f])).values()] };
    const turned = (one: RuleOutcome) =>
      'failure' in one ? one : { ...one, findings: one.findings.toReversed(), tags: one.tags.toReversed() };
    check(fc.tuple(outcome, outcome), (pair) => {
      const [one, other] = pair.map(distinct) as [RuleOutcome, RuleOutcome];
      expect(compareOutcomes(turned(one), turned(other))).toEqual(compareOutcomes(one, other));
    });
  });
});

function teamIs(team: string): Difference {
  return { of: 'team', old: null, new: team };
}
