import { sessionPodName } from '../../domain/sessions/identity/session-names.ts';
import { ownerText } from '../../domain/sessions/pod/session-pod.ts';
import type { SessionPodView } from '../../domain/sessions/routes/read-session-pod.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Whether a pod's owner annotation proves that Podkeeper made it for the session and incarnation it names. */
export function isOwnedSessionPod(
  { namespace, name, key, incarnation, owner }: SessionPodView,
  signingKeys: Pick<SigningKeys, 'verify'>,
): boolean {
  // The text is of the pod's name: with labels and annotation copied, another pod would pass without this.
  if (name !== sessionPodName(key, incarnation)) return false;
  return signingKeys.verify(ownerText({ namespace, key, incarnation }), owner);
}
