import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { SentPod } from '../../../platform/kubernetes/client/pods.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';
import { type OwnedPod, readOwnedPod, refOf } from './owned-pod.ts';

/** One list per namespace, uncached; every pod of the label that is not taken over is deleted by its UID. */
export function createDiscoverSession({
  cluster,
  pods,
  signingKeys,
  logger,
  metrics,
}: Pick<
  SessionActivityDependencies,
  'cluster' | 'pods' | 'signingKeys' | 'logger' | 'metrics'
>): SessionActivities['discoverSession'] {
  return ({ cluster: asked, key, namespaces }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const labelSelector = `${sessionLabels.session}=${key}`;
      const lists = await Promise.all(namespaces.map((namespace) => pods.list({ namespace, labelSelector, signal })));
      const found = lists.flat() as readonly SentPod[];
      const owned = found
        .map((pod) => readOwnedPod(pod, signingKeys))
        .filter((pod): pod is OwnedPod => pod !== undefined);
      // A number that a stranger wrote counts for nothing: it could leave no room for a higher one.
      const highestIncarnation = Math.max(0, ...owned.map(({ incarnation }) => incarnation));
      const adopted = owned
        .filter(({ alive }) => alive)
        .reduce<OwnedPod | null>(
          (best, pod) => (best === null || pod.incarnation > best.incarnation ? pod : best),
          null,
        );
      for (const { metadata } of found) {
        const { namespace = '', name = '', uid = '', deletionTimestamp } = metadata ?? {};
        if (uid === adopted?.uid || deletionTimestamp !== undefined) continue;
        const proved = owned.some((pod) => pod.uid === uid);
        logger.warn({ namespace, podUid: uid, proved }, 'a leftover pod of a session is deleted');
        if ((await pods.delete({ namespace, name, uid, signal })) === 'deleting') {
          metrics.sessionPodDeletions.inc({ reason: 'leftover' });
        }
      }
      return { pod: adopted === null ? null : refOf(adopted), highestIncarnation };
    });
}
