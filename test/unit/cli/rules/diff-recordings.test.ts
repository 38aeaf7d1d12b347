import { beforeAll, describe, expect, it } from '@jest/globals';
import { compareOutcomes, type Difference } from '../../../../cli/rules/diff/compare-outcomes.ts';
import { ruleOutcome } from '../../../../cli/rules/diff/rule-outcome.ts';
import { recordedStates, type StateOrFault } from '../../../../cli/rules/states/recorded-states.ts';
import { noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import type { RuleEffect } from '../../../../domain/pods/rules/user-rules.ts';
import type { Cause } from '../../../../domain/pods/verdict/types.ts';
import { readExpected } from '../../../helpers/recordings/expectation.ts';
import { readRecording, recordedScenarios, recordingsFolder } from '../../../helpers/recordings/read-recording.ts';
import { compiled, rule } from '../../../helpers/rules.ts';
import { rules } from '../../../helpers/rules-command.ts';
import { linesOf, withFiles } from '../../../helpers/run-command.ts';

const scenarios = recordedScenarios();
const recordings = scenarios.map((scenario) => `${recordingsFolder}/${scenario}.jsonl`);

/** What a person wrote down of each pod, as far as the pod alone tells without waiting longer. */
const known = scenarios.flatMap((scenario) => {
  const { pods } = readExpected(scenario);
  return readRecording(scenario).header.pods.flatMap(({ uid, role }) =>
    (pods[role] ?? [])
      .filter(({ knowing, laterSeconds }) => knowing !== 'pod and Events' && laterSeconds === undefined)
      .map((expectation) => ({ uid, ...expectation })),
  );
});

/** The pods of which a cause is known in this way. */
function podsWith(cause: Cause, way: 'incidents' | 'mustAppear' | 'mustNotAppear'): string[] {
  return [...new Set(known.filter((pod) => pod[way].includes(cause)).map(({ uid }) => uid))].sort();
}

const everyCause = [...new Set(known.flatMap(({ mustAppear, mustNotAppear }) => [...mustAppear, ...mustNotAppear]))];
const incidentCauses = everyCause.filter((cause) => podsWith(cause, 'incidents').length > 0);

async function allStates(): Promise<StateOrFault[]> {
  const states: StateOrFault[] = [];
  for (const path of recordings) {
    for await (const item of recordedStates(path, { stdin: nothing(), clock: () => new Date() })) states.push(item);
  }
  return states;
}

async function* nothing(): AsyncGenerator<never> {}

describe('rules tried on the recordings', () => {
  let states: readonly StateOrFault[];
  beforeAll(async () => {
    states = await allStates();
  });

  it('see every recorded state of every pod', () => {
    const changes = scenarios.flatMap((scenario) => readRecording(scenario).changes);
    expect(states).toHaveLength(changes.filter(({ object }) => object.kind === 'Pod').length);
    expect(states.filter((item) => 'fault' in item)).toEqual([]);
  });

  /** The pods of which some state differs, with a rule on one cause, in a way that counts. */
  function podsChanged(set: RuleEffect, cause: Cause, counts: (difference: Difference) => boolean): string[] {
    const tried = compiled(rule({ causes: [cause] }, set));
    const changed = new Set<string>();
    for (const item of states) {
      if ('fault' in item) continue;
      const { key, subject } = item.state;
      if (compareOutcomes(ruleOutcome(noRules, subject), ruleOutcome(tried, subject)).some(counts)) changed.add(key);
    }
    return [...changed].sort();
  }

  it.each(incidentCauses)('that ignore %s change the incidents of exactly the pods known to have it', (cause) => {
    const isIncident = ({ of, old }: Difference): boolean =>
      (of === 'incident' && old === true) || (of === 'primary' && old === cause);
    expect(podsChanged({ ignore: true }, cause, isIncident)).toEqual(podsWith(cause, 'incidents'));
  });

  it.each(everyCause)('that tag %s tag the pods known to have it, and none known not to', (cause) => {
    const tagged = podsChanged({ tags: ['hit'] }, cause, ({ of }) => of === 'tags');
    expect(tagged).toEqual(expect.arrayContaining(podsWith(cause, 'mustAppear')));
    expect(tagged.filter((uid) => podsWith(cause, 'mustNotAppear').includes(uid))).toEqual([]);
  });

  it('are told by the command, too', async () => {
    const file = 'version: 1\nrules:\n  - { name: quiet, match: { causes: [OOMKilled] }, set: { ignore: true } }\n';
    const result = await withFiles({ 'new.yaml': file }, (folder) =>
      rules(['diff', 'none', `${folder}/new.yaml`, ...recordings, '-o', 'json']),
    );
    expect(result.code).toBe(0);
    const groups = linesOf(result) as { pods: number; examples: string[] }[];
    expect(groups.map(({ pods }) => pods)).toEqual([podsWith('OOMKilled', 'incidents').length]);
    expect(groups[0]!.examples.map((name) => name.split('/')[1]).sort()).toEqual(['oom', 'oom-other-code']);
  });
});
