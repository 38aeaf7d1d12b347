import type { ProbeProof } from '../../../platform/sessions/probe.ts';
import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { BusyQuestion, SessionActivities } from '../session-activities.ts';

const timeoutMs = 2000;

type Dependencies = Pick<SessionActivityDependencies, 'cluster' | 'probe' | 'signingKeys'>;

/**
 * Only a clear yes keeps a session; no answer, or one that can't be read, is a no. A native pod is asked on a connection on
 * which both have proved themselves, as for a request of a client.
 */
export function createIsBusy(dependencies: Dependencies): SessionActivities['isBusy'] {
  return (input) =>
    doWork({ asked: input.cluster, served: dependencies.cluster }, async (signal) => {
      const { pod, port, path } = input;
      const proof = input.identity === 'native' ? proofOf(input, dependencies) : {};
      if (proof === undefined) return false;
      const answer = await dependencies.probe({ address: pod.address, port, path, timeoutMs, signal, ...proof });
      return answer.answered && answer.status >= 200 && answer.status < 300 && saysBusy(answer.body);
    });
}

/** Undefined when the key that the pod was made with is not among ours any more. */
function proofOf({ key, pod }: BusyQuestion, { signingKeys }: Dependencies): { proof: ProbeProof } | undefined {
  const podKey = signingKeys.podKey(pod.name, pod.kid);
  if (podKey === undefined) return undefined;
  return { proof: { podKey, claim: { podUid: pod.uid, sessionKey: key, incarnation: pod.incarnation } } };
}

function saysBusy(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'busy' in answer && answer.busy === true;
  } catch {
    return false;
  }
}
