import type { SessionPodRef } from '../../../domain/sessions/state/session-life.ts';
import type { ProbeProof } from '../../../platform/sessions/probe.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';

/** Undefined when the key that the pod was made with is not among ours any more. */
export function podProof(
  { signingKeys }: Pick<SessionActivityDependencies, 'signingKeys'>,
  { key, pod }: { readonly key: string; readonly pod: SessionPodRef },
): ProbeProof | undefined {
  const podKey = signingKeys.podKey(pod.name, pod.kid);
  if (podKey === undefined) return undefined;
  return { podKey, claim: { podUid: pod.uid, sessionKey: key, incarnation: pod.incarnation } };
}
