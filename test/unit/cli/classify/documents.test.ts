import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { classify } from '../../../helpers/classify-command.ts';
import { linesOf } from '../../../helpers/run-command.ts';
import { buildPod, type Json, terminated, waiting } from '../../../helpers/pods.ts';

const oom = buildPod({
  name: 'oom',
  containers: [
    {
      state: waiting('CrashLoopBackOff', 'back-off – „warten“ 😀'),
      lastState: terminated({ exitCode: 137, reason: 'OOMKilled' }),
      restarts: 4,
      ready: false,
    },
  ],
});
const fine = buildPod({ name: 'fine' });
const list = { kind: 'List', apiVersion: 'v1', items: [oom, fine] };
const podList = {
  kind: 'PodList',
  apiVersion: 'v1',
  items: [oom, fine].map(({ kind: _, apiVersion: __, ...pod }) => pod),
};
const lines = (...objects: readonly unknown[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');
const watched = (type: string, object: Json): Json => ({ type, object });

async function primaries(stdin: string | Uint8Array): Promise<unknown[]> {
  const result = await classify(['-', '--output', 'json'], { stdin });
  expect(result.faults).toEqual([]);
  expect(result.code).toBe(0);
  return linesOf(result).map(({ primary }) => primary);
}

describe('podkeeper classify reads', () => {
  it.each<[string, string | Uint8Array]>([
    ['a Pod in JSON', JSON.stringify(oom)],
    ['a Pod in JSON with indentation', JSON.stringify(oom, null, 2)],
    ['a Pod in YAML', stringify(oom)],
    [
      'a Pod in YAML after comments, a directive and a marker',
      `# a pod\n%YAML 1.2\n---\n${stringify(oom)}...\n---\n# end\n`,
    ],
    ['a Pod in YAML flow style', JSON.stringify(oom).replace('"kind":"Pod"', 'kind: Pod')],
    ['a Pod with Windows line ends', stringify(oom).replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${JSON.stringify(oom)}`],
    ['UTF-16 as PowerShell writes it', Buffer.from(`\ufeff${stringify(oom)}`, 'utf16le')],
    ['a List of one', JSON.stringify({ ...list, items: [oom] })],
  ])('%s', async (_, text) => {
    expect(await primaries(text)).toEqual(['OOMKilled']);
  });

  it.each<[string, string]>([
    ['a List in JSON', JSON.stringify(list)],
    ['a List in YAML', stringify(list)],
    ['a PodList whose items have no kind', JSON.stringify(podList)],
    ['an array', JSON.stringify([oom, fine])],
    ['several YAML documents', `---\n${stringify(oom)}---\n${stringify(fine)}`],
    ['JSON documents between YAML markers', `${JSON.stringify(oom)}\n---\n${JSON.stringify(fine, null, 2)}\n`],
    ['JSON lines', lines(oom, fine)],
    ['JSON lines with empty ones', `\n${lines(oom)}\n\n${lines(fine)}\n`],
    ['indented JSON documents in a row', `${JSON.stringify(oom, null, 4)}\n${JSON.stringify(fine, null, 4)}\n`],
  ])('%s', async (_, text) => {
    expect(await primaries(text)).toEqual(['OOMKilled', null]);
  });

  it('watch events: one verdict a pod, on its last state, knowing the one before', async () => {
    const text = lines(
      { scenario: 'two pods', pods: [] },
      { at: '2026-03-01T11:00:00.5Z', ...watched('ADDED', buildPod({ name: 'oom' })) },
      { at: '2026-03-01T11:00:01.5Z', ...watched('ADDED', { ...fine, metadata: { name: 'fine', uid: 'uid-2' } }) },
      watched('BOOKMARK', { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: '7' } }),
      { at: '2026-03-01T12:00:00.5Z', ...watched('MODIFIED', oom) },
    );
    expect(await primaries(text)).toEqual(['OOMKilled', null]);
  });

  it('a Pod whose uid was edited out, and one that has no status yet', async () => {
    expect(await primaries('kind: Pod\nmetadata: {name: a}\n')).toEqual([null]);
  });

  it('anchors and merge keys within reason', async () => {
    const text =
      'kind: Pod\nbase: &base {name: a, namespace: b}\nmetadata:\n  <<: *base\n  uid: u\nstatus: {phase: Succeeded}\n';
    const result = await classify(['-', '-o', 'json'], { stdin: text });
    expect(linesOf(result)).toMatchObject([{ health: 'Completed' }]);
  });
});
