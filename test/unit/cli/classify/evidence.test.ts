import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { classify } from '../../../helpers/classify-command.ts';
import { type CommandResult, linesOf, withFiles } from '../../../helpers/run-command.ts';
import { at, buildPod, type Json, probe, running, terminated } from '../../../helpers/pods.ts';

/** Killed with 137 and started again: only Events can tell whether a probe did it. */
const killed = buildPod({
  containers: [
    {
      state: running(-59),
      lastState: terminated({ exitCode: 137, started: -90, finished: -60 }),
      restarts: 1,
      spec: { livenessProbe: probe({ initialDelaySeconds: 300 }) },
    },
  ],
});

const killing = (subject: Json, more: Json = {}): Json => ({
  kind: 'Event',
  apiVersion: 'v1',
  reason: 'Killing',
  message: 'Container app failed liveness probe, will be restarted',
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1', fieldPath: 'spec.containers{app}', ...subject },
  firstTimestamp: at(-62),
  lastTimestamp: at(-62),
  count: 1,
  ...more,
});

const node = (ready: string): Json => ({
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: at(-70) }] },
});

async function withEvidence(
  option: '--events' | '--node',
  content: string,
  pod: Json = killed,
): Promise<CommandResult> {
  return withFiles({ 'evidence.yaml': content }, (folder) =>
    classify(['-', option, `${folder}/evidence.yaml`, '-o', 'json'], { stdin: JSON.stringify(pod) }),
  );
}

async function causeWith(option: '--events' | '--node', content: string, pod?: Json): Promise<unknown> {
  const result = await withEvidence(option, content, pod);
  expect(result.faults).toEqual([]);
  return linesOf(result)[0]?.['primary'];
}

describe('podkeeper classify with Events', () => {
  it('knows no more than the Pod without them', async () => {
    const result = await classify(['-', '-o', 'json'], { stdin: JSON.stringify(killed) });
    expect(linesOf(result)).toMatchObject([{ primary: 'Killed' }]);
  });

  it('takes them from a list, from documents, and of either API', async () => {
    const list = stringify({ kind: 'List', items: [killing({ uid: 'uid-1' })] });
    expect(await causeWith('--events', list)).toBe('LivenessProbeFailed');
    const { message, involvedObject, firstTimestamp: _, lastTimestamp: __, count: ___, ...event } = killing({});
    const newer = { ...event, apiVersion: 'events.k8s.io/v1', note: message, regarding: involvedObject };
    const series = { count: 2, lastObservedTime: at(-62) };
    const both = { ...newer, eventTime: `${at(-62).slice(0, -1)}.000001Z`, series };
    expect(await causeWith('--events', stringify(both))).toBe('LivenessProbeFailed');
  });

  it('leaves out those of another pod: by namespace, by name, by uid where both are known', async () => {
    expect(await causeWith('--events', stringify(killing({ namespace: 'other' })))).toBe('Killed');
    expect(await causeWith('--events', stringify(killing({ name: 'web-2' })))).toBe('Killed');
    expect(await causeWith('--events', stringify(killing({ uid: 'uid-0' })))).toBe('Killed');
    const { uid: _, ...metadata } = killed['metadata'] as Json;
    const unidentified = { ...killed, metadata };
    expect(await causeWith('--events', stringify(killing({ uid: 'uid-0' })), unidentified)).toBe('LivenessProbeFailed');
  });

  it('still judges the pods when the Events are at fault, and says so', async () => {
    const text = [
      killing({}, { reason: 5 }),
      { kind: 'Pod' },
      { kind: 'Event', reason: 'x' },
      killing({}, { lastTimestamp: 'today' }),
    ];
    const result = await withEvidence('--events', text.map((one) => stringify(one)).join('---\n'));
    expect(linesOf(result)).toMatchObject([{ primary: 'Killed' }]);
    expect(result.code).toBe(2);
    expect(result.faults.map((fault) => fault.replace(/.*\): /, ''))).toEqual([
      'reason is not a string',
      'kind is Pod',
      'involvedObject is missing',
      'lastTimestamp is not an RFC 3339 time',
    ]);
  });
});

describe('podkeeper classify with nodes', () => {
  it("takes the pod's own node into account", async () => {
    expect(await causeWith('--node', stringify(node('Unknown')))).toBe('NodeLost');
    expect(await causeWith('--node', stringify({ ...node('Unknown'), metadata: { name: 'other' } }))).toBe('Killed');
  });

  it('says what is wrong with them', async () => {
    const { faults } = await withEvidence('--node', stringify({ kind: 'Node', metadata: {} }));
    expect(faults).toEqual([expect.stringMatching(/evidence.yaml: document 1 \(line 1\): metadata.name is missing$/)]);
  });
});

describe('podkeeper classify on a recording', () => {
  it('takes its Events into account, even those written after the last state of the pod', async () => {
    const lines = [
      { at: at(-59), type: 'ADDED', object: killed },
      { at: at(-58), type: 'ADDED', object: killing({ uid: 'uid-1' }) },
    ].map((line) => JSON.stringify(line));
    const result = await classify(['-', '-o', 'json'], { stdin: lines.join('\n') });
    expect(linesOf(result)).toMatchObject([{ primary: 'LivenessProbeFailed' }]);
  });
});
