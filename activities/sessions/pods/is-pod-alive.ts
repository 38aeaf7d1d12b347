import { wait } from '../../../platform/kubernetes/wait.ts';
import { isHealthy } from '../../../platform/sessions/probe.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';
import { isAlive } from './owned-pod.ts';
import { podProof } from './pod-proof.ts';

/** Three of them and the pauses end well before the activity's own time-out. */
const probes = { count: 3, pauseMs: 300, timeoutMs: 1000 };

/**
 * A native pod proves itself to the probe as it does to a gateway, so that what answers in its place does not speak for it.
 * Without the key it was made with (somebody took it out of the file too early) any answer counts: sessions are not ended
 * for that.
 */
export function createIsPodAlive(
  dependencies: Pick<SessionActivityDependencies, 'cluster' | 'pods' | 'probe' | 'signingKeys'>,
): SessionActivities['isPodAlive'] {
  const { cluster, pods, probe: ask } = dependencies;
  return ({ cluster: asked, pod, probe }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const { namespace, name, uid, address } = pod;
      const present = await pods.get({ namespace, name, signal });
      if (present?.metadata?.uid !== uid || !isAlive(present)) return false;
      if (probe === undefined) return true;
      const { port, path, identity, key } = probe;
      const proof = identity === 'native' && key !== undefined ? podProof(dependencies, { key, pod }) : undefined;
      const call = {
        ...{ address: present.status?.podIP ?? address, port, path, timeoutMs: probes.timeoutMs, signal },
        ...(proof !== undefined && { proof }),
      };
      for (let tried = 1; ; tried++) {
        if (isHealthy(await ask(call))) return true;
        if (tried === probes.count) return false;
        await wait(probes.pauseMs, signal);
      }
    });
}
