import { setTimeout as sleep } from 'node:timers/promises';
import type { RigProcess } from '../rig/processes/rig-process.ts';

const everyMs = 200;

/** Which gateways get requests, as a load balancer in front of them would have it. */
export interface LoadBalancer {
  /** The next one in turn among those that say they are ready; among all when none does. */
  readonly next: () => number;
  readonly close: () => Promise<void>;
}

/** Asks each gateway's /ready again and again. */
export function startLoadBalancer(gateways: readonly Pick<RigProcess, 'healthOrigin'>[]): LoadBalancer {
  const all = gateways.map((_, number) => number);
  let usable = all;
  let turn = 0;
  const stopping = new AbortController();
  const polling = (async () => {
    while (!stopping.signal.aborted) {
      const ready = await Promise.all(gateways.map(({ healthOrigin }) => isReady(healthOrigin)));
      const found = all.filter((number) => ready[number]);
      usable = found.length === 0 ? all : found;
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    next: () => usable[turn++ % usable.length] ?? 0,
    close: async () => {
      stopping.abort();
      await polling;
    },
  };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(2000) });
    await answer.text();
    return answer.status === 200;
  } catch {
    return false;
  }
}
