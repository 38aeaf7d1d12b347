import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { down } from '../../../dev/environment/down.ts';
import { markOf, readPlan } from '../../../dev/environment/plan.ts';
import { findMarkedProcesses } from '../../../dev/environment/processes/marked-processes.ts';
import { isAlive, signalProcess } from '../../../dev/environment/processes/process-identity.ts';
import type { EnvironmentState } from '../../../dev/environment/state.ts';
import { readState } from '../../../dev/environment/state.ts';
import { status } from '../../../dev/environment/status.ts';
import type { RunningEnvironment } from '../../../dev/environment/up.ts';
import { up } from '../../../dev/environment/up.ts';
import { useTemporaryFolders } from '../../helpers/temporary-folders.ts';

const temporaryFolder = useTemporaryFolders();
jest.setTimeout(60_000);

const report = () => undefined;
const env = process.env;
let count = 0;
const uniqueName = () => {
  count += 1;
  return `test-env-${process.pid}-${count}`;
};
const small = { temporal: false, kubernetes: 'none' } as const;
const ownerChild = fileURLToPath(new URL('../../helpers/environment-owner-child.ts', import.meta.url));

const supervisorOf = (state: EnvironmentState) => state.pids.find(({ name }) => name === 'supervisor')!;

async function markOfRunning({ statePath }: Pick<RunningEnvironment, 'statePath'>): Promise<string> {
  return markOf((await readPlan(join(dirname(statePath), 'plan.json')))!.id);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('This did not come true within 15 s.');
    await sleep(50);
  }
}

describe('an environment', () => {
  it('writes down its processes by pid and start time, and is gone after down with all that it made', async () => {
    const name = uniqueName();
    const environment = await up({ name, options: small, lifetime: 'kept', report, env });
    const mark = await markOfRunning(environment);
    const { pids, redisUrl, temporal, kubeconfig, node } = environment.state;
    expect(pids.map((process) => process.name)).toEqual(['supervisor', 'redis-server']);
    expect(pids.every(isAlive)).toBe(true);
    expect({ temporal, kubeconfig, node }).toEqual({ temporal: null, kubeconfig: null, node: 'none' });
    expect(redisUrl).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect((await status(name)).phase).toBe('running');
    await down({ name, report });
    expect(pids.some(isAlive)).toBe(false);
    expect(findMarkedProcesses(mark)).toEqual([]);
    expect(existsSync(dirname(environment.statePath))).toBe(false);
    expect((await status(name)).phase).toBe('down');
  });

  it('that runs already is found, not started twice, and not stopped by who only found it', async () => {
    const name = uniqueName();
    const [one, two] = await Promise.all([
      up({ name, options: small, lifetime: 'kept', report, env }),
      up({ name, options: small, lifetime: 'kept', report, env }),
    ]);
    expect([one.started, two.started].sort()).toEqual([false, true]);
    expect(one.state.pids).toEqual(two.state.pids);
    await (one.started ? two : one).stop();
    expect((await status(name)).phase).toBe('running');
    await down({ name, report });
  });

  it('runs beside another one', async () => {
    const names = [uniqueName(), uniqueName()];
    const [one, two] = await Promise.all(
      names.map((name) => up({ name, options: small, lifetime: 'owned', report, env })),
    );
    expect(one!.state.redisUrl).not.toBe(two!.state.redisUrl);
    await one!.stop();
    expect(two!.state.pids.every(isAlive)).toBe(true);
    await two!.stop();
  });

  it('is removed by down after its supervisor was killed', async () => {
    const name = uniqueName();
    const environment = await up({ name, options: small, lifetime: 'kept', report, env });
    const mark = await markOfRunning(environment);
    signalProcess(supervisorOf(environment.state), 'SIGKILL');
    await until(async () => (await status(name)).phase === 'broken');
    expect(findMarkedProcesses(mark)).not.toEqual([]);
    await down({ name, report });
    expect(findMarkedProcesses(mark)).toEqual([]);
    expect(existsSync(dirname(environment.statePath))).toBe(false);
  });

  it('is started anew by up after its supervisor was killed', async () => {
    const name = uniqueName();
    const first = await up({ name, options: small, lifetime: 'kept', report, env });
    const mark = await markOfRunning(first);
    signalProcess(supervisorOf(first.state), 'SIGKILL');
    await until(() => !isAlive(supervisorOf(first.state)));
    const second = await up({ name, options: small, lifetime: 'kept', report, env });
    expect(second.started).toBe(true);
    expect(findMarkedProcesses(mark)).toEqual([]);
    await down({ name, report });
  });

  it('that a process owns goes when the process is killed', async () => {
    const name = uniqueName();
    const child = spawn(process.execPath, [ownerChild, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const statePath = said.toString().trim().replace(/^up /, '');
    const { pids } = (await readState(statePath))!;
    expect(pids.every(isAlive)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !pids.some(isAlive) && !existsSync(dirname(statePath)));
  });

  it('leaves nothing when it is interrupted while it starts', async () => {
    const name = uniqueName();
    const interrupted = new AbortController();
    const starting = up({
      name,
      // Enough servers that it can't be up before the interruption is heard.
      options: { ...small, temporal: true, kubernetes: 'control-plane' },
      lifetime: 'kept',
      report,
      env,
      signal: interrupted.signal,
    });
    const { statePath } = await status(name);
    await until(async () => ((await readState(statePath))?.pids.length ?? 0) >= 3);
    const { pids } = (await readState(statePath))!;
    interrupted.abort(new Error('interrupted'));
    await expect(starting).rejects.toThrow('interrupted');
    expect(pids.some(isAlive)).toBe(false);
    expect(existsSync(dirname(statePath))).toBe(false);
  });

  it('whose server fails says so with the end of its log, and leaves the logs and nothing else', async () => {
    const name = uniqueName();
    const folder = await temporaryFolder();
    const options = { ...small, temporal: true, temporalDatabase: join(folder, 'no such folder', 'temporal.db') };
    const failing = up({ name, options, lifetime: 'kept', report, env });
    await expect(failing).rejects.toThrow(/temporal ended with code 1\. Its log, .*logs\/temporal\.log, ends with:\n/);
    const { statePath, phase } = await status(name);
    expect(phase).toBe('down');
    expect(await readFile(join(dirname(statePath), 'logs', 'temporal.log'), 'utf8')).toContain('no such folder');
    await down({ name, report });
    expect(existsSync(dirname(statePath))).toBe(false);
  });
});
