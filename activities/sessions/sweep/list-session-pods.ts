import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import { readSessionPod, type SessionPodView } from '../../../domain/sessions/routes/read-session-pod.ts';
import type { PodsClient, SentPod } from '../../../platform/kubernetes/client/pods.ts';
import { isOwnedSessionPod } from '../../../platform/sessions/owned-session-pod.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';
import { isAlive } from '../pods/owned-pod.ts';

/** A pod with the labels of a session. */
export interface ListedPod {
  readonly view: SessionPodView;
  /** Labels and annotations, from which its session's run can be started again. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdMs: number;
  /** Not on its way out, and not at its end. */
  readonly alive: boolean;
  /** `unknown-key`: signed with a key that this worker has not; maybe another one has. */
  readonly owner: 'ours' | 'forged' | 'unknown-key';
}

export interface ListSessionPods {
  readonly pods: Pick<PodsClient, 'list'>;
  readonly namespaces: readonly string[];
  readonly signingKeys: SigningKeys;
  readonly signal?: AbortSignal;
}

/** All pods of sessions, uncached; one namespace after the other, so that only one list is held whole. */
export async function listSessionPods(input: ListSessionPods): Promise<readonly ListedPod[]> {
  const { pods, namespaces, signingKeys, signal } = input;
  const listed: ListedPod[] = [];
  for (const namespace of namespaces) {
    const found = await pods.list({ namespace, labelSelector: sessionLabels.session, signal });
    for (const pod of found as readonly SentPod[]) {
      const view = readSessionPod(pod);
      if (view === undefined) continue;
      const { labels = {}, annotations = {}, creationTimestamp } = pod.metadata ?? {};
      const createdMs = Date.parse(creationTimestamp ?? '');
      listed.push({ view, labels, annotations, createdMs, alive: isAlive(pod), owner: ownerOf(view, signingKeys) });
    }
  }
  return listed;
}

function ownerOf(view: SessionPodView, signingKeys: SigningKeys): ListedPod['owner'] {
  if (isOwnedSessionPod(view, signingKeys)) return 'ours';
  const [kid = '', mac] = view.owner.split('.');
  return mac !== undefined && signingKeys.podKey(view.name, kid) === undefined ? 'unknown-key' : 'forged';
}
