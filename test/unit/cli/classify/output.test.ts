import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../helpers/classify-command.ts';
import { linesOf } from '../../../helpers/run-command.ts';
import { at, buildPod, podNow, running, terminated, waiting } from '../../../helpers/pods.ts';

const oom = buildPod({
  name: 'oom',
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
const fine = buildPod({ name: 'fine' });
const both = JSON.stringify([oom, fine]);

describe('the output of podkeeper classify', () => {
  it('is the verdict itself, as JSON of one pod', async () => {
    const [verdict, ...others] = linesOf(await classify(['-', '-o', 'json'], { stdin: JSON.stringify(oom) }));
    expect(others).toEqual([]);
    expect(Object.keys(verdict!)).toEqual(['schemaVersion', 'health', 'incident', 'primary', 'findings']);
  });

  it('is a verdict a line with pod and source, as JSON of many', async () => {
    expect(linesOf(await classify(['-', '-o', 'json'], { stdin: both }))).toEqual([
      expect.objectContaining({ primary: 'OOMKilled', pod: { namespace: 'shop', name: 'oom', uid: 'uid-1' } }),
      expect.objectContaining({ primary: null, pod: { namespace: 'shop', name: 'fine', uid: 'uid-1' } }),
    ]);
  });

  it('is a table and what each finding rests on, for people', async () => {
    const { stdout } = await classify(['-'], { stdin: both });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^POD +HEALTH +CAUSE +SEVERITY +SUMMARY$/);
    expect(lines[1]).toMatch(/^shop\/oom +Degraded +OOMKilled +critical +container app was killed/);
    expect(lines[2]).toMatch(/^shop\/fine +Healthy$/);
    expect(stdout).toContain('evidence: pod status.containerStatuses[app].lastState.terminated.reason = OOMKilled');
    expect(stdout).toContain('what to do: ');
    expect(stdout).not.toContain('\u001b');
  });

  it('fits a terminal', async () => {
    const { stdout } = await classify(['-'], { stdin: both, columns: 72 });
    const table = stdout.split('\n').slice(0, 3);
    expect(table[1]).toMatch(/^shop\/oom +Degraded +OOMKilled +critical +container app was.*…$/);
    for (const line of table.slice(1)) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('judges by --now when it is given', async () => {
    const starting = buildPod({ containers: [{ state: running(-100), ready: false }] });
    const stdin = JSON.stringify(starting);
    expect(linesOf(await classify(['-', '-o', 'json'], { stdin }))).toMatchObject([{ primary: null }]);
    const later = await classify(['-', '-o', 'json', '--now', at(60)], { stdin });
    expect(linesOf(later)).toMatchObject([{ primary: 'ReadinessProbeFailing' }]);
  });

  it('judges a recording by its own times unless --now is given', async () => {
    const starting = buildPod({ containers: [{ state: running(-100), ready: false }] });
    const stdin = JSON.stringify({ at: at(60), type: 'MODIFIED', object: starting });
    expect(linesOf(await classify(['-', '-o', 'json'], { stdin }))).toMatchObject([
      { primary: 'ReadinessProbeFailing' },
    ]);
    const earlier = await classify(['-', '-o', 'json', '--now', podNow.toISOString()], { stdin });
    expect(linesOf(earlier)).toMatchObject([{ primary: null }]);
  });

  it.each([
    ['a time that is none', ['-', '--now', 'tomorrow'], 'RFC 3339'],
    ['a day that does not exist', ['-', '--now', '2026-13-01T00:00:00Z'], 'RFC 3339'],
    ['an unknown format', ['-', '-o', 'xml'], 'Allowed choices are table, json'],
    ['no path', [], "missing required argument 'path'"],
  ])('is a usage error for %s', async (_, args, message) => {
    const result = await classify(args);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.faults.join('\n')).toContain(message);
  });
});
