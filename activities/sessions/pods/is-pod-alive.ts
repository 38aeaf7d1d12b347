import { wait } from '../../../platform/kubernetes/wait.ts';
import { isHealthy } from '../../../platform/sessions/probe.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';
import { isAlive } from './owned-pod.ts';

/** Three of them and the pauses end well before the activity's own time-out. */
const probes = { count: 3, pauseMs: 300, timeoutMs: 1000 };

export function createIsPodAlive({
  cluster,
  pods,
  probe: ask,
}: Pick<SessionActivityDependencies, 'cluster' | 'pods' | 'probe'>): SessionActivities['isPodAlive'] {
  return ({ cluster: asked, pod: { namespace, name, uid, address }, probe }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const present = await pods.get({ namespace, name, signal });
      if (present?.metadata?.uid !== uid || !isAlive(present)) return false;
      if (probe === undefined) return true;
      const call = { address: present.status?.podIP ?? address, ...probe, timeoutMs: probes.timeoutMs, signal };
      for (let tried = 1; ; tried++) {
        if (isHealthy(await ask(call))) return true;
        if (tried === probes.count) return false;
        await wait(probes.pauseMs, signal);
      }
    });
}
