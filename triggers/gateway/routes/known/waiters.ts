import type { Route } from '../route-table.ts';

/** Those who wait for a pod of one session. */
export interface Waiters {
  /** Resolves with the first route of an incarnation above `above`; undefined when aborted. */
  wait(key: string, above: number, signal: AbortSignal): Promise<Route | undefined>;
  wake(route: Route): void;
  /** Of all sessions. */
  readonly size: number;
}

interface Waiter {
  readonly above: number;
  readonly settle: (route: Route | undefined) => void;
}

export function createWaiters(): Waiters {
  const sessions = new Map<string, Set<Waiter>>();
  let size = 0;
  return {
    wait: (key, above, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve(undefined);
          return;
        }
        const waiting = sessions.get(key) ?? new Set();
        sessions.set(key, waiting);
        const leave = () => waiter.settle(undefined);
        const waiter: Waiter = {
          above,
          settle: (route) => {
            signal.removeEventListener('abort', leave);
            if (waiting.delete(waiter)) size -= 1;
            if (waiting.size === 0 && sessions.get(key) === waiting) sessions.delete(key);
            resolve(route);
          },
        };
        waiting.add(waiter);
        size += 1;
        signal.addEventListener('abort', leave);
      }),
    wake(route) {
      for (const waiter of [...(sessions.get(route.key) ?? [])]) {
        if (route.incarnation > waiter.above) waiter.settle(route);
      }
    },
    get size() {
      return size;
    },
  };
}
