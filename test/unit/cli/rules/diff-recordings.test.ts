import { beforeAll, describe, expect, it } from '@jest/globals';
import { compareOutcomes } from '../../../../cli/rules/diff/compare-outcomes.ts';
import { ruleOutcome } from '../../../../cli/rules/diff/rule-outcome.ts';
import { recordedStates, type StateOrFault } from '../../../../cli/rules/states/recorded-states.ts';
import { noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { compileRules } from '../../../../domain/pods/rules/compile-rules.ts';
import type { Cause } from '../../../../domain/pods/verdict/types.ts';
import { readExpected } from '../../../helpers/recordings/expectation.ts';
import { readRecording, recordedScenarios, recordingsFolder } from '../../../helpers/recordings/read-recording.ts';
import { rules } from '../../../helpers/rules-command.ts';
import { linesOf, withFiles } from '../../../helpers/run-command.ts';

const scenarios = recordedScenarios();
const recordings = scenarios.map((scenario) => `${recordingsFolder}/${scenario}.jsonl`);

/** What a person wrote down: the pods that have an incident with this primary cause, as far as the pod alone tells. */
function podsWithIncident(cause: Cause): string[] {
  return scenarios.flatMap((scenario) => {
    const { pods } = readExpected(scenario);
    const holds = (role: string): boolean =>
      (pods[role] ?? []).some(
        ({ knowing, laterSeconds, incidents }) =>
          knowing !== 'pod and Events' && laterSeconds === undefined && incidents.includes(cause),
      );
    return readRecording(scenario)
      .header.pods.filter(({ role }) => holds(role))
      .map(({ uid }) => uid);
  });
}

const expectedCauses = [
  ...new Set(
    scenarios.flatMap((scenario) =>
      Object.values(readExpected(scenario).pods)
        .flat()
        .flatMap(({ incidents }) => incidents),
    ),
  ),
];

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

  it.each(expectedCauses)('that ignore %s change the incidents of exactly the pods known to have it', (cause) => {
    const ignoring = compileRules(
      { version: 1, rules: [{ name: 'quiet', match: { causes: [cause] }, set: { ignore: true } }] },
      'quiet',
    );
    const changed = new Set<string>();
    for (const item of states) {
      if ('fault' in item) continue;
      const { key, subject } = item.state;
      const differences = compareOutcomes(ruleOutcome(noRules, subject), ruleOutcome(ignoring, subject));
      const told = differences.some(
        ({ of, old }) => (of === 'incident' && old === true) || (of === 'primary' && old === cause),
      );
      if (told) changed.add(key);
    }
    expect([...changed].sort()).toEqual(podsWithIncident(cause).sort());
  });

  it('are told by the command, too', async () => {
    const file = 'version: 1\nrules:\n  - { name: quiet, match: { causes: [OOMKilled] }, set: { ignore: true } }\n';
    const result = await withFiles({ 'new.yaml': file }, (folder) =>
      rules(['diff', 'none', `${folder}/new.yaml`, ...recordings, '-o', 'json']),
    );
    expect(result.code).toBe(0);
    const groups = linesOf(result) as { pods: number; examples: string[] }[];
    expect(groups.map(({ pods }) => pods)).toEqual([podsWithIncident('OOMKilled').length]);
    expect(groups[0]!.examples.map((name) => name.split('/')[1]).sort()).toEqual(['oom', 'oom-other-code']);
  });
});
