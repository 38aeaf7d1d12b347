import { symlink } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { classify } from '../../../helpers/classify-command.ts';
import { linesOf, withFiles } from '../../../helpers/run-command.ts';
import { buildPod } from '../../../helpers/pods.ts';
import { propertySeed } from '../../../helpers/properties.ts';

const good = buildPod({ name: 'good' });
const json = JSON.stringify(good);
const yaml = stringify(good);
const laughs = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(
    (name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]!}, `.repeat(9)}]`,
  ),
  'kind: Pod',
].join('\n');

async function faultsOf(stdin: string | Uint8Array): Promise<readonly string[]> {
  const { code, stdout, faults } = await classify(['-', '-o', 'json'], { stdin });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  return faults;
}

describe('what podkeeper classify cannot read', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'standard input: is empty'],
    ['blanks', ' \n\n', 'standard input: is empty'],
    ['nothing but comments', '# nothing\n---\n# here\n', 'standard input: is empty'],
    ['bytes that are no text', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x00]), 'standard input: is not text'],
    ['NUL characters', 'kind: Pod\0', 'standard input: is not text'],
    ['prose', 'hello there', 'document 1 (line 1): is no Kubernetes object but plain text'],
    ['a number', '42', 'document 1 (line 1): is no Kubernetes object but a number'],
    ['an object of no kind', '{"metadata":{"name":"a"}}', 'document 1 (line 1): kind is missing'],
    ['something else', 'kind: Deployment\nmetadata: {name: a}', 'document 1 (line 1): kind is Deployment, not Pod'],
    ['a list of something else', '{"kind":"NodeList","items":[{}]}', 'items[0].kind is Node, not Pod'],
    ['a list whose items are none', '{"kind":"List","items":{}}', 'document 1 (line 1): items is not a list'],
    ['an empty list', '{"kind":"List","items":[]}', '-: holds no pod'],
    ['a Pod without a name', 'kind: Pod\nmetadata: {uid: a}', 'document 1 (line 1): metadata.name is missing'],
    ['half a JSON document', json.slice(0, 200), 'document 1 (line 1): is not JSON: '],
    ['broken YAML', 'kind: Pod\nmetadata: {name: a\nspec: {}', 'document 1 (line 1): is not YAML: line '],
    ['a key given twice', 'kind: Pod\nkind: Pod', 'document 1 (line 1): is not YAML: line 2: key kind is given twice'],
    ['YAML that unfolds without end', laughs, 'is not YAML: Excessive alias count'],
    ['YAML that refers to itself', 'kind: Pod\nmetadata: &m\n  name: a\n  labels: *m\n', 'metadata.labels'],
    ['deep nesting in YAML', `a: ${'['.repeat(20_000)}`, 'document 1 (line 1): is nested too deeply'],
    [
      'a hundred thousand keys',
      Array.from({ length: 100_000 }, (_, index) => `k${index}:`).join('\n'),
      'kind is missing',
    ],
    ['deep nesting in JSON', '[{"a":'.repeat(5000), 'document 1 (line 1): is not JSON'],
  ])('is told: %s', async (_, stdin, fault) => {
    const faults = await faultsOf(stdin);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  it('never hides what it can read, and is named by document, line and path', async () => {
    const text = [
      yaml,
      'kind: Pod\nmetadata: {name: [}\n',
      'kind: Service\nmetadata: {name: web}\n',
      'kind: Pod\nmetadata: {name: bad}\nstatus: {containerStatuses: [{name: a, restartCount: three}]}\n',
      'text: "never closed\n',
      yaml,
    ].join('---\n');
    const result = await classify(['-', '-o', 'json'], { stdin: text });
    expect(linesOf(result)).toHaveLength(2);
    expect(result.code).toBe(2);
    const start = yaml.split('\n').length;
    expect(result.faults.map((fault) => fault.replace('standard input: ', ''))).toEqual([
      expect.stringContaining(`document 2 (line ${start}): is not YAML: line ${start + 2}`),
      `document 3 (line ${start + 3}): kind is Service, not Pod`,
      `document 4 (line ${start + 6}): status.containerStatuses[0].restartCount is not an integer`,
      expect.stringContaining(`document 5 (line ${start + 10}): is not YAML`),
    ]);
  });

  it('never hides the other lines of JSON lines', async () => {
    const text = `${json}\n{"kind":"Pod","meta\nnot json at all\n${json}\n${json} trailing\n[1,2]\n${json}\n`;
    const result = await classify(['-', '-o', 'json'], { stdin: text });
    expect(linesOf(result)).toHaveLength(3);
    expect(result.faults).toHaveLength(4);
    expect(result.faults[0]).toContain('document 2 (line 2): is not JSON');
  });

  it('never hides the other items of a list', async () => {
    const items = [good, null, { ...good, status: [] }, 'x', good];
    const result = await classify(['-', '-o', 'json'], { stdin: JSON.stringify({ kind: 'PodList', items }) });
    expect(linesOf(result)).toHaveLength(2);
    expect(result.faults.map((fault) => fault.split(': ').at(-1))).toEqual([
      'items[1].metadata is missing',
      'items[2].status is not an object',
      'items[3].metadata is missing',
    ]);
  });

  it('is no terminal sequence of the input', async () => {
    const [fault] = await faultsOf('kind: "\\e[31mPod\\a"\nmetadata: {name: a}\n');
    expect(fault).toMatch(/kind is ?Pod ?, not Pod$/);
  });

  it(`is no reason to crash, whatever it is (PODKEEPER_TEST_SEED=${propertySeed})`, async () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc.anything().map((value) => (stringify(value) as string | undefined) ?? ''),
      fc.tuple(fc.nat(yaml.length), fc.string()).map(([at, text]) => yaml.slice(0, at) + text + yaml.slice(at)),
      fc.tuple(fc.nat(json.length), fc.string()).map(([at, text]) => json.slice(0, at) + text + json.slice(at)),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (stdin) => {
        const { code, stdout, faults } = await classify(['-'], { stdin });
        expect(code).toBe(faults.length === 0 ? 0 : 2);
        expect(stdout !== '' || faults.length > 0).toBe(true);
      }),
      { seed: propertySeed, numRuns: 200 },
    );
  });
});

describe('podkeeper classify on a directory', () => {
  it('reads it with its sub-directories in sorted order, and leaves other files alone', async () => {
    const named = (name: string): string => JSON.stringify(buildPod({ name }));
    const files = {
      'b.json': named('b'),
      'a/z.yml': named('z'),
      'a/sub/c.jsonl': named('c'),
      'README.md': 'hi',
      'c.YAML': named('d'),
    };
    const result = await withFiles(files, async (folder) => {
      await symlink(folder, `${folder}/a/loop`);
      return classify([folder, '-o', 'json']);
    });
    expect(result.faults).toEqual([]);
    expect(linesOf(result).map(({ pod }) => (pod as { name: string }).name)).toEqual(['c', 'z', 'b', 'd']);
  });

  it('reads the good files beside the bad ones', async () => {
    const result = await withFiles({ 'a.json': '', 'b.json': json, 'c.yaml': '\0' }, (folder) => classify([folder]));
    expect(result.stdout).toContain('shop/good');
    expect(result.code).toBe(2);
    expect(result.faults.map((fault) => fault.replace(/^.*\//, ''))).toEqual([
      'a.json: is empty',
      expect.stringContaining('c.yaml: is not text'),
    ]);
  });

  it('says when there is nothing to read', async () => {
    const empty = await withFiles({ 'notes.txt': 'x' }, (folder) => classify([folder]));
    expect(empty.code).toBe(2);
    expect(empty.faults[0]).toContain('the directory holds no .yaml');
    const missing = await classify(['/nowhere/pod.yaml']);
    expect(missing).toMatchObject({ code: 2, faults: ['/nowhere/pod.yaml: there is no such file or directory'] });
  });
});

describe('podkeeper classify on too much', () => {
  it('stops reading at 256 MiB', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      const chunk = Buffer.alloc(16 * 1024 * 1024, ' ');
      for (;;) yield await Promise.resolve(chunk);
    }
    const result = await classify(['-'], { stdin: endless() });
    expect(result).toMatchObject({ code: 2, faults: ['standard input: is larger than 256 MiB'] });
  });

  it('refuses YAML of more than 16 MiB, for its parser would take too long', async () => {
    const result = await classify(['-'], { stdin: `kind: Pod\n${'#'.repeat(16 * 1024 * 1024)}` });
    expect(result.faults).toEqual([expect.stringContaining('is YAML of more than 16 MiB')]);
  });
});
