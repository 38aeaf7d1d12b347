import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../helpers/classify-command.ts';
import { buildPod, terminated, waiting } from '../../../helpers/pods.ts';
import { type CommandInput, linesOf, withFiles } from '../../../helpers/run-command.ts';

const crashed = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  buildPod({
    name,
    metadata: { labels },
    containers: [
      { state: waiting('CrashLoopBackOff'), lastState: terminated({ exitCode: 3 }), restarts: 4, ready: false },
    ],
  });

const file = `version: 1
rules:
  - name: quiet
    match: { causes: [AppError] }
    set: { ignore: true, tags: [quiet] }
  - name: team
    match: { labels: { app: '*' } }
    set: { team: '\${labels.team}' }
`;

function classifyWith(text: string, args: readonly string[], input: CommandInput) {
  return withFiles({ 'rules.yaml': text }, (folder) =>
    classify(['-', '--rules', `${folder}/rules.yaml`, ...args], input),
  );
}

describe('podkeeper classify --rules', () => {
  it('adds to the JSON of one verdict what rules add, after they changed it', async () => {
    const result = await classifyWith(file, ['-o', 'json'], {
      stdin: JSON.stringify(crashed('web', { app: 'web', team: 'red' })),
    });
    expect(result.code).toBe(0);
    const [verdict] = linesOf(result);
    expect(Object.keys(verdict!)).toEqual([
      ...['schemaVersion', 'health', 'incident', 'primary', 'findings'],
      ...['tags', 'team', 'rules', 'rulesVersion'],
    ]);
    expect(verdict).toMatchObject({
      incident: false,
      findings: [{ cause: 'AppError', excuse: 'ignored' }],
      tags: ['quiet', 'team:red'],
      team: 'red',
      rules: ['quiet', 'team'],
      rulesVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it('shows team and tags in the table', async () => {
    const { stdout } = await classifyWith(file, [], {
      stdin: JSON.stringify([crashed('web', { app: 'web', team: 'red' }), crashed('other')]),
    });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^POD +HEALTH +CAUSE +SEVERITY +TEAM +TAGS +SUMMARY$/);
    expect(lines[1]).toMatch(/^shop\/web +Degraded +AppError +\w+ +red +quiet team:red +container app/);
    expect(lines[2]).toMatch(/^shop\/other +Degraded +AppError +\w+ +quiet +container app/);
  });

  it('names a pod that a rule fails on, and judges the others', async () => {
    const pods = [crashed('web', { app: 'web' }), crashed('other')];
    const result = await classifyWith(file, ['-o', 'json'], { stdin: JSON.stringify(pods) });
    expect(result.code).toBe(2);
    expect(result.faults).toEqual([
      expect.stringMatching(/^standard input: pod shop\/web: Rule "team": .*label "team" is missing/),
    ]);
    expect(linesOf(result)).toMatchObject([{ tags: ['quiet'], team: null }]);
  });

  it('judges nothing by rules that are at fault', async () => {
    const result = await classifyWith(file.replace('tags', 'tag'), [], { stdin: JSON.stringify(crashed('web')) });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.faults).toEqual([expect.stringMatching(/rules\.yaml:5:26: rules\[0\]\.set\.tag: /)]);
  });
});
