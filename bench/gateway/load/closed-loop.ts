import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadTarget } from './load-connection.ts';
import { withConnections } from './with-connections.ts';

export interface ClosedLoop {
  readonly connections: number;
  readonly seconds: number;
  /** Ends it earlier when so many were answered. */
  readonly requests?: number;
}

/** As many requests as there are answers: each connection asks again at once. Returns how many were answered. */
export function runClosedLoop(
  target: LoadTarget,
  { connections, seconds, requests = Infinity }: ClosedLoop,
): Promise<number> {
  return withConnections(target, connections, async (open) => {
    let answered = 0;
    let isOver = false;
    const enough = Promise.withResolvers<true>();
    for (const { ask } of open) {
      const next = () => {
        answered += 1;
        if (answered >= requests) enough.resolve(true);
        if (!isOver) ask(next);
      };
      ask(next);
    }
    await Promise.race([sleep(seconds * 1000), enough.promise]);
    isOver = true;
    return answered;
  });
}
