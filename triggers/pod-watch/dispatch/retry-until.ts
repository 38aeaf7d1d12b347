import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Told of every failure, with how often it failed so far. */
  readonly onError: (error: unknown, failures: number) => void;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
}

/**
 * Repeats `attempt` with growing delays until it succeeds; undefined when the signal ended it first. What the watch
 * hands over (changes, gaps) is never given up for any other reason.
 */
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  { signal, onError, firstDelayMs = 100, maxDelayMs = 5000 }: RetryOptions,
): Promise<T | undefined> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      onError(error, failures);
      const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1));
      // Waking early is the point of the signal: the loop's condition sees it.
      await sleep(delayMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
