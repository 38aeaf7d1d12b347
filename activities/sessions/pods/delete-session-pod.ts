import { sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import { wait } from '../../../platform/kubernetes/wait.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';
import { readOwnedPod } from './owned-pod.ts';

const lookEveryMs = 250;

/** A pod of that name that is not proved to be ours is left alone. */
export function createDeleteSessionPod({
  cluster,
  pods,
  signingKeys,
  logger,
}: Pick<
  SessionActivityDependencies,
  'cluster' | 'pods' | 'signingKeys' | 'logger'
>): SessionActivities['deleteSessionPod'] {
  return ({ cluster: asked, key, incarnation, namespace, graceSeconds }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const name = sessionPodName(key, incarnation);
      const present = await pods.get({ namespace, name, signal });
      if (present === null) return;
      const uid = present.metadata?.uid ?? '';
      if (readOwnedPod(present, signingKeys) === undefined) {
        logger.warn({ namespace, podUid: uid }, 'a pod with the name of a session pod is not ours; it is not deleted');
        return;
      }
      const grace = graceSeconds === undefined ? {} : { graceSeconds };
      if ((await pods.delete({ namespace, name, uid, ...grace, signal })) === 'gone') return;
      while ((await pods.get({ namespace, name, signal }))?.metadata?.uid === uid) await wait(lookEveryMs, signal);
    });
}
