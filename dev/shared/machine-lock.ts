import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A held lock. Releasing twice is harmless. */
export interface MachineLock {
  readonly release: () => Promise<void>;
}

/**
 * Takes a lock that only one process of this machine holds at a time; waits while another holds it, calling `onWait`
 * once. The lock is a listening Unix socket with an abstract name (unix(7)): the kernel frees it the moment its process
 * dies, however it dies, so a stale lock cannot exist and needs no clean-up. Throws the reason of an aborted `signal`.
 */
export async function acquireMachineLock(input: {
  readonly key: string;
  readonly onWait?: () => void;
  readonly signal?: AbortSignal;
}): Promise<MachineLock> {
  let waited = false;
  for (;;) {
    input.signal?.throwIfAborted();
    const lock = await tryMachineLock(input.key);
    if (lock !== null) return lock;
    if (!waited) input.onWait?.();
    waited = true;
    await sleep(250);
  }
}

/** The lock, or null when another process holds it. */
export async function tryMachineLock(key: string): Promise<MachineLock | null> {
  const server = createServer((socket) => socket.destroy());
  if (!(await listen(server, abstractName(key)))) return null;
  server.unref();
  return {
    release: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function abstractName(key: string): string {
  return `\0podkeeper-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(path, () => {
      resolve(true);
    });
  });
}
