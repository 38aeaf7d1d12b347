import { describe, expect, it } from '@jest/globals';
import { at, buildPod, podNow, running, terminated, waiting } from '../../../helpers/pods.ts';
import { rules } from '../../../helpers/rules-command.ts';
import { type CommandInput, linesOf, withFiles } from '../../../helpers/run-command.ts';

const crashed = (name: string) =>
  buildPod({
    name,
    uid: `uid-${name}`,
    containers: [
      { state: waiting('CrashLoopBackOff'), lastState: terminated({ exitCode: 3 }), restarts: 4, ready: false },
    ],
  });
const fine = (name: string) => buildPod({ name, uid: `uid-${name}` });
const change = (object: unknown, { type = 'MODIFIED', seconds = 0 } = {}): string =>
  JSON.stringify({ at: at(seconds), type, object });

const oneRule = (set: string, match = '{ causes: [AppError] }'): string =>
  `version: 1\nrules:\n  - { name: one, match: ${match}, set: ${set} }\n`;
const files = {
  'ignore.yaml': oneRule('{ ignore: true, tags: [quiet] }'),
  'ignore-again.yaml': `# the same, written in another way\n${oneRule('{ tags: [quiet], ignore: true }')}`,
  'named.yaml': oneRule('{ tags: ["of:${name}"] }'),
  'failing.yaml': oneRule('{ team: "${labels.owner}" }'),
  'bad.yaml': oneRule('{ ignore: yes }'),
};

/** Runs `rules diff` with the names of rules files in place of their paths. */
function diff(older: string, newer: string, args: readonly string[], input?: CommandInput) {
  return withFiles(files, (folder) => {
    const path = (name: string): string => (name in files ? `${folder}/${name}` : name);
    return rules(['diff', path(older), path(newer), ...args], input);
  });
}

const list = JSON.stringify([crashed('a'), fine('b'), crashed('c')]);

describe('podkeeper rules diff', () => {
  it('prints each way to differ once, with its states and pods, and the total', async () => {
    const { code, stdout, faults } = await diff('none', 'ignore.yaml', ['-'], { stdin: list });
    expect({ code, faults }).toEqual({ code: 0, faults: [] });
    const [older, newer, ...others] = stdout.split('\n');
    expect(older).toBe('--- none (no rules)');
    expect(newer).toMatch(/^\+\+\+ .*ignore\.yaml \(1 rule, version [0-9a-f]{12}\)$/);
    expect(others.join('\n')).toBe(`
2 states of 2 pods: shop/a, shop/c (first: standard input line 1 [0])
  incident: yes → no
  excuse of AppError: none → ignored
  tags: +quiet

3 pods, 3 states: 2 differ in 1 way
`);
  });

  it('swaps its sides with its files', async () => {
    const forth = linesOf(await diff('-', 'ignore.yaml', ['-', '-o', 'json'], { stdin: list }));
    const back = linesOf(await diff('ignore.yaml', '-', ['-', '-o', 'json'], { stdin: list }));
    const swapped = (back[0]!['differences'] as { old: unknown; new: unknown }[]).map((one) => ({
      ...one,
      old: one.new,
      new: one.old,
    }));
    expect([{ ...back[0], differences: swapped }]).toEqual(forth);
  });

  it('finds no difference between files that say the same', async () => {
    const { code, stdout } = await diff('ignore.yaml', 'ignore-again.yaml', ['-', '--exit-code'], { stdin: list });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n3 pods, 3 states: no difference\n$/);
  });

  it('is one object for each way to differ as JSON, with the total on stderr', async () => {
    const result = await diff('none', 'named.yaml', ['-', '-o', 'json'], { stdin: list });
    expect(linesOf(result)).toEqual(
      ['a', 'c'].map((name) => ({
        differences: [{ of: 'tags', old: [], new: [`of:${name}`] }],
        states: 1,
        pods: 1,
        examples: [`shop/${name}`],
        first: expect.stringMatching(/^standard input line 1 \[[02]\]$/),
      })),
    );
    expect(result.faults).toEqual(['3 pods, 3 states: 2 differ in 2 ways']);
  });

  it('tells of a rule that fails', async () => {
    const { code, stdout } = await diff('none', 'failing.yaml', ['-'], { stdin: list });
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 states of 2 pods: .*\n {2}fails now: Rule "one": .*label "owner" is missing/);
    const back = await diff('failing.yaml', 'none', ['-'], { stdin: list });
    expect(back.stdout).toContain('  fails no more: Rule "one": ');
  });

  it('judges every state in a recording, each at its own time', async () => {
    const starting = buildPod({ name: 'slow', containers: [{ state: running(-100), ready: false }] });
    const recording = [
      change(starting, { type: 'ADDED' }),
      change(starting, { seconds: 60 }),
      change(starting, { seconds: 61, type: 'DELETED' }),
    ].join('\n');
    const slow = { 'slow.yaml': oneRule('{ tags: [slow] }', '{ causes: [ReadinessProbeFailing] }') };
    const result = await withFiles({ ...slow, 'one.jsonl': recording, 'two.jsonl': recording }, (folder) =>
      rules(['diff', 'none', `${folder}/slow.yaml`, `${folder}/one.jsonl`, `${folder}/two.jsonl`, '-o', 'json']),
    );
    expect(linesOf(result)).toMatchObject([{ states: 2, pods: 1, first: expect.stringMatching(/one\.jsonl line 2$/) }]);
    expect(result.faults).toEqual(['1 pod, 6 states: 2 differ in 1 way']);
  });

  it('tells pods without a uid apart by name', async () => {
    const { uid: _, ...metadata } = crashed('a')['metadata'] as { uid: string };
    const anonymous = { ...crashed('a'), metadata };
    const stdin = [change(anonymous, { type: 'ADDED' }), change(anonymous), JSON.stringify(anonymous)].join('\n');
    const { stdout } = await diff('none', 'ignore.yaml', ['-'], { stdin });
    expect(stdout).toMatch(/\n1 pod, 3 states: 3 differ in 1 way\n$/);
  });

  it('exits with 1 for a difference only when asked to', async () => {
    expect(await diff('none', 'ignore.yaml', ['-', '--exit-code'], { stdin: list })).toMatchObject({ code: 1 });
  });

  it('compares what it can read, says what it cannot, and exits with 2', async () => {
    const bookmark = JSON.stringify({ type: 'BOOKMARK', object: { kind: 'Pod' } });
    const event = change({ kind: 'Event', reason: 'Killing' });
    const stdin = [change(crashed('a')), bookmark, event, '{"kind":"Service"}', change(fine('a'))].join('\n');
    const result = await diff('none', 'ignore.yaml', ['-', '--exit-code'], { stdin });
    expect(result.code).toBe(2);
    expect(result.faults).toEqual(['standard input: document 4 (line 4): kind is Service, not Pod']);
    expect(result.stdout).toMatch(/\n1 pod, 2 states: 1 differs in 1 way\n$/);
  });

  it('compares nothing while the rules are at fault', async () => {
    const result = await diff('bad.yaml', 'nowhere.yaml', ['-'], { stdin: list });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.faults).toEqual([
      expect.stringMatching(/bad\.yaml:3:\d+: rules\[0\]\.set\.ignore: /),
      'nowhere.yaml: there is no such file',
    ]);
  });

  it('prints no terminal sequence of a pod', async () => {
    const labels = { owner: '\u001b[31mred' };
    const stdin = JSON.stringify({ ...crashed('a'), metadata: { ...(crashed('a')['metadata'] as object), labels } });
    const { stdout } = await diff('none', 'failing.yaml', ['-'], { stdin });
    expect(stdout).toContain('1 differs');
    expect(stdout).not.toContain('\u001b');
  });

  it('tells how far it is every two seconds', async () => {
    let seconds = 0;
    const now = (): Date => new Date(podNow.getTime() + 500 * seconds++);
    const stdin = Array.from({ length: 20 }, () => change(fine('a'))).join('\n');
    const { faults } = await diff('none', 'ignore.yaml', ['-'], { stdin, now });
    expect(faults.length).toBeGreaterThan(1);
    expect(faults[0]).toMatch(/^1 pod, \d+ states: no difference so far …$/);
    expect((await diff('none', 'ignore.yaml', ['-'], { stdin })).faults).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['nothing to compare on', [], 'name what to compare on'],
    ['a filter of runs without --runs', ['-', '--cause', 'OOMKilled'], '--cause chooses among runs: add --runs'],
    ['a limit that is none', ['--runs', '--limit', '0'], 'whole number from 1'],
  ])('is a usage error for %s', async (_, args, message) => {
    const result = await diff('none', 'ignore.yaml', args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.faults.join('\n')).toContain(message);
  });
});
