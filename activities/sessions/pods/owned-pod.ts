import { readSessionPod } from '../../../domain/sessions/routes/read-session-pod.ts';
import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';
import type { SentPod } from '../../../platform/kubernetes/client/pods.ts';
import { isOwnedSessionPod } from '../../../platform/sessions/owned-session-pod.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';

/** A pod that Podkeeper made for a session. */
export interface OwnedPod extends SessionPodRef {
  readonly key: string;
  /** Not on its way out, and not at its end. */
  readonly alive: boolean;
}

/** Reads a pod; undefined when it is not proved to be made by Podkeeper for the session and incarnation it names. */
export function readOwnedPod(pod: SentPod, signingKeys: Pick<SigningKeys, 'verify'>): OwnedPod | undefined {
  const view = readSessionPod(pod);
  if (view === undefined || !isOwnedSessionPod(view, signingKeys)) return undefined;
  const { namespace, name, uid, key, incarnation, address, kid } = view;
  const node = pod.spec?.nodeName ?? '';
  return { namespace, name, uid, key, incarnation, address, node, kid, alive: isAlive(pod) };
}

/** Whether a pod may still serve: not terminating, and Pending or Running. */
export function isAlive({ metadata, status }: SentPod): boolean {
  const phase = status?.phase ?? 'Pending';
  return metadata?.deletionTimestamp === undefined && (phase === 'Pending' || phase === 'Running');
}

/** A reference to it, without what a pod that is not ready yet can't know for sure. */
export function refOf({ namespace, name, uid, incarnation, kid }: OwnedPod): SessionPodRef {
  return { namespace, name, uid, incarnation, address: '', node: '', kid };
}
