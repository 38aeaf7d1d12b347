import { failures } from '../../../domain/failures.ts';
import { sessionPodName } from '../../../domain/sessions/identity/session-names.ts';
import { ownerText, sessionPod } from '../../../domain/sessions/pod/session-pod.ts';
import { KubernetesError } from '../../../platform/kubernetes/kubernetes-error.ts';
import type { SentPod } from '../../../platform/kubernetes/client/pods.ts';
import { failure } from '../../failure.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork, kubernetesFailure } from '../do-work.ts';
import type { CreateSessionPodInput, SessionActivities } from '../session-activities.ts';
import { readOwnedPod, refOf } from './owned-pod.ts';

type Dependencies = Pick<
  SessionActivityDependencies,
  'cluster' | 'pods' | 'admission' | 'maxSessions' | 'signingKeys' | 'logger'
>;

/**
 * Fails with `pod_refused` when the API server says no, with `pod_name_taken` while another pod has the name, and when the
 * session's slot was lost with Redis' records: `admission_rebuilding` until sessions are counted again, `cluster_limit` when
 * there are as many as there may be by then.
 */
export function createCreateSessionPod(dependencies: Dependencies): SessionActivities['createSessionPod'] {
  const { cluster, pods, admission, maxSessions } = dependencies;
  return (input) =>
    doWork({ asked: input.cluster, served: cluster }, async (signal) => {
      const { key, tenantHash, runId, namespace, incarnation } = input;
      // Without Redis the count of sessions may be wrong for a while; the pod is made all the same.
      const confirmed = await admission.confirm({ key, tenantHash }, runId, maxSessions);
      if (confirmed.ok && confirmed.value !== 'confirmed') {
        throw failure(confirmed.value, failures[confirmed.value].meaning);
      }
      const name = sessionPodName(key, incarnation);
      const pod = manifestOf(input, dependencies);
      const answer = await pods.create({ namespace, name, pod, signal }).catch((error: unknown) => {
        throw isRefusal(error) ? kubernetesFailure('pod_refused', error) : error;
      });
      if (answer !== 'exists') return ownRef(answer.created, dependencies);
      const present = await pods.get({ namespace, name, signal });
      const owned = present === null ? undefined : readOwnedPod(present, dependencies.signingKeys);
      // Ours from an earlier try, whose answer was lost.
      if (owned?.key === key && owned.incarnation === incarnation) return refOf(owned);
      const uid = present?.metadata?.uid;
      if (uid !== undefined) {
        dependencies.logger.warn(
          { namespace, podUid: uid },
          "a pod that is not ours has a session pod's name; deleted",
        );
        await pods.delete({ namespace, name, uid, signal });
      }
      throw failure('pod_name_taken', failures.pod_name_taken.meaning);
    });
}

function manifestOf(input: CreateSessionPodInput, { signingKeys }: Dependencies): object {
  const { key, incarnation, namespace, class: sessionClass } = input;
  const podKey =
    sessionClass.identity === 'native' ? signingKeys.podKey(sessionPodName(key, incarnation), signingKeys.kid) : null;
  // It would run unproven where its class says that it proves itself.
  if (podKey === undefined) throw new Error('there is no key of the signing key in force');
  const owner = signingKeys.sign(ownerText({ namespace, key, incarnation }));
  return sessionPod({ ...input, owner, podKey });
}

function ownRef(created: SentPod, { signingKeys }: Dependencies) {
  const owned = readOwnedPod(created, signingKeys);
  if (owned === undefined) throw failure('pod_refused', 'The API server changed the labels of the pod, or its owner.');
  return refOf(owned);
}

/** It will say the same next time: the pod is not valid, over quota or not allowed, or the namespace is missing. */
function isRefusal(error: unknown): error is KubernetesError {
  return error instanceof KubernetesError && [400, 403, 404, 413, 422].includes(error.status ?? 0);
}
