import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { acquireMachineLock, tryMachineLock } from '../../../../dev/shared/machine-lock.ts';

const module = fileURLToPath(new URL('../../../../dev/shared/machine-lock.ts', import.meta.url));

/** Another process that takes the lock, says so and keeps it. */
async function holdElsewhere(key: string) {
  const script = `import { acquireMachineLock } from ${JSON.stringify(module)};
await acquireMachineLock({ key: ${JSON.stringify(key)} });
console.log('held');
setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

const uniqueKey = () => `test ${process.pid} ${Math.random()}`;

describe('a machine lock', () => {
  it('is held by one process at a time', async () => {
    const key = uniqueKey();
    const child = await holdElsewhere(key);
    try {
      expect(await tryMachineLock(key)).toBeNull();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is free again the moment its process is killed', async () => {
    const key = uniqueKey();
    const child = await holdElsewhere(key);
    let waited = 0;
    const acquired = acquireMachineLock({ key, onWait: () => (waited += 1) });
    child.kill('SIGKILL');
    const lock = await acquired;
    expect(waited).toBeLessThanOrEqual(1);
    await lock.release();
  });

  it('passes on when it is released', async () => {
    const key = uniqueKey();
    const first = await acquireMachineLock({ key });
    const second = acquireMachineLock({ key });
    await first.release();
    await (await second).release();
  });

  it('is independent of locks with other keys', async () => {
    const [one, two] = [await tryMachineLock(uniqueKey()), await tryMachineLock(uniqueKey())];
    expect([one, two]).not.toContain(null);
    await Promise.all([one?.release(), two?.release()]);
  });

  it('stops waiting when it is told to', async () => {
    const key = uniqueKey();
    const held = await acquireMachineLock({ key });
    const signal = AbortSignal.timeout(50);
    await expect(acquireMachineLock({ key, signal })).rejects.toThrow('timeout');
    await held.release();
  });
});
