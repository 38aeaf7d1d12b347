import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { environmentFolder, projectFolder } from '../../../dev/environment/folders.ts';

jest.setTimeout(300_000);

interface Summary {
  readonly type: string;
  readonly step?: string;
  readonly ok: boolean;
  readonly node: string;
  readonly checks: readonly { readonly ok: boolean; readonly what: string }[];
  readonly runs: readonly { readonly pod: string; readonly incidents: readonly string[]; readonly url: string }[];
}

/** A name of its own: a person's demo may be running. */
const name = `test-demo-${process.pid}`;

/** Runs the command as a person would; `stop` may end it early. */
async function demo(args: readonly string[], stop?: { readonly when: string; readonly signal: NodeJS.Signals }) {
  const command = ['cli/run.js', 'cli/main.ts', 'demo', '--name', name, ...args];
  const child = spawn(process.execPath, command, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stop !== undefined && !stderr.includes(stop.when) && text.includes(stop.when)) child.kill(stop.signal);
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('podkeeper demo', () => {
  it('sees everything it causes and nothing else, writes JSON only, and leaves nothing', async () => {
    const { code, stdout, stderr } = await demo(['--exit', '--output', 'json']);
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Summary);
    const summary = objects.at(-1)!;
    expect({ failed: summary.checks.filter(({ ok }) => !ok), code, stderr: code === 0 ? '' : stderr }).toEqual({
      failed: [],
      code: 0,
      stderr: '',
    });
    expect(new Set(objects.slice(0, -1).map(({ type }) => type))).toEqual(new Set(['change', 'step']));
    const steps = objects.flatMap(({ step }) => step ?? []);
    // Both stories are told at once, each in its own order.
    const ofSessions = steps.filter((step) => step.startsWith('session-'));
    expect(ofSessions).toEqual(['session-answered', 'session-healed', 'session-ended']);
    expect([...new Set(steps)].filter((step) => !ofSessions.includes(step))).toEqual([
      'events-sent',
      'classification-failed',
      'rules-mended',
      'replay-started',
      'replay-progress',
    ]);
    expect(summary).toMatchObject({ type: 'summary', ok: true });
    const oom = summary.runs.find(({ pod }) => pod === 'oom')!;
    expect(oom).toMatchObject({ incidents: ['OOMKilled'] });
    expect(oom.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/pod%2Fdemo%2Fdemo%2Foom%2F/);
    const reported = summary.runs.filter(({ pod }) => pod.startsWith('billing/'));
    expect(Object.fromEntries(reported.map(({ pod, incidents }) => [pod, incidents]))).toEqual({
      'billing/invoices': ['OOMKilled'],
      'billing/ledger': ['AppError'],
      'billing/receipts': [],
    });
    expect(existsSync(environmentFolder(name))).toBe(false);
  });

  it('interrupted while it starts, stops what it started and ends with 130', async () => {
    const { code, stdout } = await demo(['--simulated'], { when: 'starting the workers', signal: 'SIGINT' });
    expect(code).toBe(130);
    expect(stdout).toContain('simulated nodes');
    expect(existsSync(environmentFolder(name))).toBe(false);
  });
});
