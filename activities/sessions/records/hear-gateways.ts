import { wait } from '../../../platform/kubernetes/wait.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { askRedis, doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

const askEveryMs = 250;
/** A gateway beats every 2 s; one that is silent for longer than 6 s keeps sessions by another rule. */
const mostMs = 8000;

/** A request that a gateway sent while it was cut off from Redis becomes known with its next beat. */
export function createHearGateways({
  cluster,
  life,
}: Pick<SessionActivityDependencies, 'cluster' | 'life'>): SessionActivities['hearGateways'] {
  return ({ cluster: asked, key, incarnation }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const untilMs = performance.now() + mostMs;
      for (;;) {
        if (await askRedis(life.gatewaysHeard({ key, incarnation }))) return true;
        if (performance.now() >= untilMs) return false;
        await wait(askEveryMs, signal);
      }
    });
}
