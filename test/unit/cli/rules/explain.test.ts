import { describe, expect, it } from '@jest/globals';
import { at, buildPod, terminated, waiting } from '../../../helpers/pods.ts';
import { rules } from '../../../helpers/rules-command.ts';
import { type CommandInput, linesOf, withFiles } from '../../../helpers/run-command.ts';

const file = `version: 1
rules:
  - name: quiet-oom
    match: { namespaces: [shop], causes: [OOMKilled] }
    set: { ignore: true, tags: [oom] }
  - name: elsewhere
    match: { namespaces: [bank] }
    set: { severity: critical }
  - name: team
    match: { labels: { app: '*' } }
    set: { team: '\${labels.team}' }
`;
const oom = (labels: Readonly<Record<string, string>> = {}) =>
  buildPod({
    name: 'oom',
    metadata: { labels },
    containers: [
      {
        state: waiting('CrashLoopBackOff'),
        lastState: terminated({ exitCode: 137, reason: 'OOMKilled' }),
        restarts: 4,
        ready: false,
        memoryLimit: '64Mi',
      },
    ],
  });

function explain(args: readonly string[], input?: CommandInput) {
  return withFiles({ 'rules.yaml': file }, (folder) => rules(['explain', `${folder}/rules.yaml`, ...args], input));
}

describe('podkeeper rules explain', () => {
  it('says of each rule whether it matches and why, what it did, and what came of it', async () => {
    const stdin = JSON.stringify(oom({ app: 'web', team: 'red' }));
    const { code, stdout, faults } = await explain(['-'], { stdin });
    expect({ code, faults }).toEqual({ code: 0, faults: [] });
    expect(stdout).toBe(`shop/oom: Degraded, OOMKilled, critical, an incident (standard input)
  rule quiet-oom: matches
    because namespace "shop" fits shop
    because cause OOMKilled is found
    → tag oom
    → ignores OOMKilled (container app)
  rule elsewhere: does not match
    because namespace "bank" does not fit shop
  rule team: matches
    because label app "*" fits "web"
    → team red
  result: Degraded, OOMKilled, critical, no incident
    severity: critical, as before
    incident: yes → no
    team: red
    tags: oom, team:red
`);
  });

  it('says that a rule fails, and that nothing comes of it', async () => {
    const { code, stdout } = await explain(['-'], { stdin: JSON.stringify(oom({ app: 'web' })) });
    expect(code).toBe(0);
    expect(stdout).toContain('rule team: matches and FAILS');
    expect(stdout).toMatch(/\n {4}fails: .*label "team" is missing/);
    expect(stdout).toMatch(/\n {2}result: none, the classification of this pod would fail: Rule "team": /);
  });

  it('is one object a pod as JSON', async () => {
    const pods = [oom({ app: 'web', team: 'red' }), oom({ app: 'web' })];
    const [one, other, ...none] = linesOf(await explain(['-', '-o', 'json'], { stdin: JSON.stringify(pods) }));
    expect(none).toEqual([]);
    expect(one).toMatchObject({
      pod: 'shop/oom',
      place: 'standard input',
      before: { health: 'Degraded', primary: 'OOMKilled', severity: 'critical', incident: true },
      rules: [{ rule: 'quiet-oom', matched: true }, { rule: 'elsewhere', matched: false }, { rule: 'team' }],
      after: { incident: false, team: 'red', tags: ['oom', 'team:red'] },
      rulesVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(other).toMatchObject({ after: { failure: expect.stringContaining('Rule "team"') } });
  });

  it('takes the last state of each pod of a recording', async () => {
    const states = [buildPod({ name: 'oom' }), oom()];
    const stdin = states.map((object, index) => JSON.stringify({ at: at(index), type: 'MODIFIED', object })).join('\n');
    const explained = linesOf(await explain(['-', '-o', 'json'], { stdin }));
    expect(explained).toMatchObject([{ before: { primary: 'OOMKilled' } }]);
  });

  it('explains what it can read, and says what it cannot', async () => {
    const stdin = `${JSON.stringify(oom())}\n{"kind":"Service"}\n`;
    const { code, stdout, faults } = await explain(['-'], { stdin });
    expect({ code, faults }).toEqual({
      code: 2,
      faults: ['standard input: document 2 (line 2): kind is Service, not Pod'],
    });
    expect(stdout).toContain('shop/oom: ');
  });

  it.each<[string, readonly string[], string]>([
    ['no pods', [], 'name the pods: either files or --run'],
    ['files and a run', ['-', '--run', 'shop/oom'], 'not both'],
    ['a time that is none', ['-', '--now', 'noon'], 'RFC 3339'],
  ])('is a usage error for %s', async (_, args, message) => {
    const result = await explain(args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.faults.join('\n')).toContain(message);
  });

  it('reads no pod while the rules are at fault', async () => {
    const result = await rules(['explain', '/nowhere/rules.yaml', '-'], { stdin: JSON.stringify(oom()) });
    expect(result).toEqual({ code: 2, stdout: '', faults: ['/nowhere/rules.yaml: there is no such file'] });
  });
});
