import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const childFile = fileURLToPath(new URL('../../helpers/shutdown-child.ts', import.meta.url));

/** Runs the child, sends it each signal after its pause, and answers its exit code and what it printed. */
async function run(behaviour: string, ...signals: readonly { afterMs: number; name: NodeJS.Signals }[]) {
  const child = spawn(process.execPath, [childFile, behaviour], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  while (!printed.includes('ready') && child.exitCode === null) await sleep(10);
  const startedMs = performance.now();
  for (const { afterMs, name } of signals) {
    await sleep(afterMs);
    child.kill(name);
  }
  const [code] = await exited;
  return { code, lines: printed.trim().split('\n').slice(1), tookMs: performance.now() - startedMs };
}

describe('a process that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('aborts, closes in reverse order and exits with 0 on %s', async (name) => {
    const { code, lines } = await run('clean', { afterMs: 0, name });
    expect(lines).toEqual(['aborted', 'closed last opened', 'closed first opened']);
    expect(code).toBe(0);
  });

  it('closes the rest and exits with 1 when something cannot be closed', async () => {
    const { code, lines } = await run('fails', { afterMs: 0, name: 'SIGTERM' });
    expect(lines).toEqual(['aborted', 'closed first opened']);
    expect(code).toBe(1);
  });

  it('exits with 1 when closing takes longer than its limit', async () => {
    const { code, tookMs } = await run('hangs', { afterMs: 0, name: 'SIGTERM' });
    expect(code).toBe(1);
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(3000);
  });

  it('exits at once, with 128 and the number of the signal, when it is told again', async () => {
    const again = { afterMs: 700, name: 'SIGTERM' } as const;
    const { code, tookMs } = await run('slow', { afterMs: 0, name: 'SIGINT' }, again);
    expect(code).toBe(143);
    expect(tookMs).toBeLessThan(1800);
  });

  it('takes two signals within half a second, as one Ctrl-C in a terminal makes them, as one', async () => {
    const { code } = await run('slow', { afterMs: 0, name: 'SIGINT' }, { afterMs: 50, name: 'SIGINT' });
    expect(code).toBe(0);
  });

  it('closes and exits with 1 when it stops itself because of an error', async () => {
    const { code, lines } = await run('broken');
    expect(lines).toEqual(['aborted', 'closed last opened', 'closed first opened']);
    expect(code).toBe(1);
  });
});
