import { describe, expect, it } from '@jest/globals';
import { scenarios } from '../../../dev/scenarios/all.ts';
import type { Verdict } from '../../../domain/pods/verdict/types.ts';
import { type Expectation, readExpected } from '../../helpers/recordings/expectation.ts';
import { readRecording, recordedScenarios } from '../../helpers/recordings/read-recording.ts';
import { replay } from '../../helpers/recordings/replay.ts';

/** The pods of each scenario and what is expected of them, once for each thing the engine may know. */
const cases = recordedScenarios().map((scenario) => ({
  scenario,
  recording: readRecording(scenario),
  expected: readExpected(scenario),
}));

const eventsShown = { pod: [false], 'pod and Events': [true], either: [false, true] } as const;

function title({ laterSeconds }: Expectation, withEvents: boolean): string {
  const later = laterSeconds === undefined ? '' : `, ${laterSeconds} s later`;
  return `${withEvents ? 'knowing its Events' : 'from the Pod alone'}${later}`;
}

for (const { scenario, recording, expected } of cases) {
  describe(`what happened in the recording ${scenario}`, () => {
    for (const { uid, name, role } of recording.header.pods) {
      for (const expectation of expected.pods[role] ?? []) {
        for (const withEvents of eventsShown[expectation.knowing]) {
          it(`is told of ${name} ${title(expectation, withEvents)}`, () => {
            const verdicts = replay({ recording, uid, withEvents, laterSeconds: expectation.laterSeconds });
            expect(told(verdicts, expectation)).toEqual(truth(expectation));
          });
        }
      }
    }
  });
}

/** Everything an expectation speaks of, in one object: a failure then shows all of it side by side. */
function truth({ final, primaryFinding, incidents, mustAppear }: Expectation) {
  return { final, primaryFinding, incidents: [...incidents].sort(), appeared: mustAppear, invented: [] };
}

function told(verdicts: readonly Verdict[], expectation: Expectation): unknown {
  const { final, primaryFinding, mustAppear, mustNotAppear } = expectation;
  const last = verdicts.at(-1)!;
  const found = new Set(verdicts.flatMap(({ findings }) => findings.map(({ cause }) => cause)));
  const incidents = verdicts.filter(({ incident }) => incident).map(({ primary }) => primary);
  return {
    final: pick(last, final),
    primaryFinding: primaryFinding && pick(last.findings[0] ?? {}, primaryFinding),
    incidents: [...new Set(incidents)].sort(),
    appeared: mustAppear.filter((cause) => found.has(cause)),
    invented: mustNotAppear.filter((cause) => found.has(cause)),
  };
}

function pick(from: object, keys: object): unknown {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, (from as Record<string, unknown>)[key]]));
}

describe('the recordings', () => {
  it('are there for every scenario, and each has its truth written down for every pod in it', () => {
    expect(recordedScenarios().sort()).toEqual(scenarios.map(({ name }) => name).sort());
    for (const { recording, expected } of cases) {
      const roles = new Set(recording.header.pods.map(({ role }) => role));
      expect(Object.keys(expected.pods).sort()).toEqual([...roles].sort());
    }
  });

  it('have truths that agree with what their scenarios say they cause', () => {
    for (const { recording, expected } of cases) {
      const scenario = scenarios.find(({ name }) => name === recording.header.scenario)!;
      for (const [role, causes] of Object.entries(scenario.incidents)) {
        const written = expected.pods[role]!.flatMap(({ incidents }) => incidents);
        expect({ role, causes }).toEqual({ role, causes: causes.filter((cause) => written.includes(cause)) });
      }
    }
  });

  it('hold changes as they were received, in the order of their versions, without managedFields', () => {
    for (const { recording } of cases) {
      for (const { uid } of recording.header.pods) {
        const changes = recording.changes.filter(({ object }) => object.metadata.uid === uid);
        const versions = changes.map(({ object }) => Number(object.metadata['resourceVersion']));
        expect(versions).toEqual([...versions].sort((one, other) => one - other));
        expect(changes[0]?.type).toBe('ADDED');
        expect(changes.filter(({ object }) => 'managedFields' in object.metadata)).toEqual([]);
      }
    }
  });
});
