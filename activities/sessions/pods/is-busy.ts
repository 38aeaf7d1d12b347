import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';
import { podProof } from './pod-proof.ts';

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
      const isNative = input.identity === 'native';
      const proof = isNative ? podProof(dependencies, input) : undefined;
      if (isNative && proof === undefined) return false;
      const call = { address: pod.address, port, path, timeoutMs, signal };
      const answer = await dependencies.probe({ ...call, ...(proof !== undefined && { proof }) });
      return answer.answered && answer.status >= 200 && answer.status < 300 && saysBusy(answer.body);
    });
}

function saysBusy(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'busy' in answer && answer.busy === true;
  } catch {
    return false;
  }
}
