import { setTimeout as sleep } from 'node:timers/promises';

const firstMs = 50;
const mostMs = 1000;

/**
 * Waits between two tries, longer each time; false, without waiting, when that would be after the deadline (of
 * `performance.now()`). Throws when the signal is aborted.
 */
export function createBackoff(deadlineMs: number, signal: AbortSignal): () => Promise<boolean> {
  let nextMs = firstMs;
  return async () => {
    const waitMs = nextMs * (0.5 + Math.random() / 2);
    nextMs = Math.min(mostMs, nextMs * 2);
    if (performance.now() + waitMs >= deadlineMs) return false;
    await sleep(waitMs, undefined, { signal });
    return true;
  };
}
