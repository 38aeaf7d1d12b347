import { sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import type { SentPod } from '../../../platform/kubernetes/client/pods.ts';
import { wait } from '../../../platform/kubernetes/wait.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { DeletePodInput, SessionActivities } from '../session-activities.ts';
import { readOwnedPod } from './owned-pod.ts';

const lookEveryMs = 250;
/** After its grace time a node that answers has confirmed the end well before this. */
const confirmSeconds = 20;
/** The activity's own time-out is longer. */
const longestWaitSeconds = 45;

type Dependencies = Pick<SessionActivityDependencies, 'cluster' | 'pods' | 'signingKeys' | 'logger' | 'metrics'>;

/**
 * A pod of that name that is not proved to be ours is left alone. The end of a pod on a dead node is never confirmed: after
 * its grace time and 20 s more that is said, and not waited for.
 */
export function createDeleteSessionPod(dependencies: Dependencies): SessionActivities['deleteSessionPod'] {
  const { cluster, pods, signingKeys, logger } = dependencies;
  return (input) =>
    doWork({ asked: input.cluster, served: cluster }, async (signal) => {
      const { key, incarnation, namespace, graceSeconds } = input;
      const name = sessionPodName(key, incarnation);
      const present = await pods.get({ namespace, name, signal });
      if (present === null) return { gone: true };
      const uid = present.metadata?.uid ?? '';
      if (readOwnedPod(present, signingKeys) === undefined) {
        logger.warn({ namespace, podUid: uid }, 'a pod with the name of a session pod is not ours; it is not deleted');
        return { gone: true };
      }
      const grace = graceSeconds === undefined ? {} : { graceSeconds };
      const answer = await pods.delete({ namespace, name, uid, ...grace, signal });
      // Marked already, it was counted when that was done.
      if (present.metadata?.deletionTimestamp === undefined) count(input, dependencies);
      if (answer === 'gone') return { gone: true };
      const untilMs = performance.now() + (input.wait === false ? 0 : waitMs(present, graceSeconds));
      while (performance.now() < untilMs) {
        if ((await pods.get({ namespace, name, signal }))?.metadata?.uid !== uid) return { gone: true };
        await wait(lookEveryMs, signal);
      }
      if (input.wait !== false) logger.warn({ namespace, podUid: uid }, 'the end of a session pod is not confirmed');
      return { gone: false };
    });
}

function waitMs({ spec }: SentPod, graceSeconds = spec?.terminationGracePeriodSeconds ?? 30): number {
  return Math.min(graceSeconds + confirmSeconds, longestWaitSeconds) * 1000;
}

function count({ reason, idleSinceMs }: DeletePodInput, { metrics }: Dependencies): void {
  metrics.sessionPodDeletions.inc({ reason });
  if (reason === 'idle') metrics.sessionIdleTimeouts.inc();
  if (idleSinceMs !== undefined) {
    metrics.sessionIdleLateSeconds.observe(Math.max(0, Date.now() - idleSinceMs) / 1000);
  }
}
