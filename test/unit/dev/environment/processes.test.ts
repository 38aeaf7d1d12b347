import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { findMarkedProcesses, markVariable } from '../../../../dev/environment/processes/marked-processes.ts';
import { identifyProcess, isAlive, signalProcess } from '../../../../dev/environment/processes/process-identity.ts';
import { reservePorts } from '../../../../dev/environment/processes/reserved-ports.ts';

async function startSleeper(env: NodeJS.ProcessEnv = process.env) {
  const child = spawn('sleep', ['60'], { env });
  await once(child, 'spawn');
  return { child, identity: identifyProcess(child.pid!)! };
}

describe('a process identity', () => {
  it('is alive until the process ends', async () => {
    const { child, identity } = await startSleeper();
    expect(isAlive(identity)).toBe(true);
    expect(signalProcess(identity, 'SIGKILL')).toBe(true);
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('does not match another process that got the same pid', async () => {
    const { child, identity } = await startSleeper();
    const earlier = { ...identity, startTime: identity.startTime - 1 };
    expect(isAlive(earlier)).toBe(false);
    expect(signalProcess(earlier, 'SIGKILL')).toBe(false);
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
  });

  it('reads a process whose name holds blanks and parentheses', async () => {
    const child = spawn('sh', ['-c', 'printf "a) S (b" > /proc/self/comm; sleep 60 & wait'], { detached: true });
    await once(child, 'spawn');
    const before = identifyProcess(child.pid!);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await readFile(`/proc/${child.pid}/comm`, 'utf8')).toBe('a) S (b\n');
    expect(identifyProcess(child.pid!)).toEqual(before);
    process.kill(-child.pid!, 'SIGKILL');
  });

  it('is none for a process that is not there', () => {
    expect(identifyProcess(2 ** 22 + 1)).toBeNull();
  });
});

describe('marked processes', () => {
  it('are found with what they started, and no others', async () => {
    const mark = `test-${process.pid}-${Date.now()}`;
    const child = spawn('sh', ['-c', 'sleep 60 & wait'], {
      env: { ...process.env, [markVariable]: mark },
      detached: true,
    });
    const { child: other, identity } = await startSleeper({ ...process.env, [markVariable]: `${mark}-other` });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const found = findMarkedProcesses(mark).map(({ pid }) => pid);
    expect(found).toHaveLength(2);
    expect(found).toContain(child.pid);
    expect(found).not.toContain(identity.pid);
    process.kill(-child.pid!, 'SIGKILL');
    other.kill('SIGKILL');
  });
});

describe('reserved ports', () => {
  it('cannot be taken by anybody until they are released', async () => {
    const { ports, release } = await reservePorts(['one', 'two']);
    expect(ports.one).not.toBe(ports.two);
    await expect(listen(ports.one)).rejects.toThrow('EADDRINUSE');
    await release(['one']);
    await listen(ports.one);
    await expect(listen(ports.two)).rejects.toThrow('EADDRINUSE');
    await release(['one', 'two']);
  });

  it('lie below the range that outgoing connections use', async () => {
    const { ports, release } = await reservePorts(['port']);
    expect(ports.port).toBeGreaterThanOrEqual(20_000);
    expect(ports.port).toBeLessThan(32_768);
    await release(['port']);
  });
});

async function listen(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
