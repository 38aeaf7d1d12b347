import type { SessionActivityDependencies } from '../dependencies.ts';
import { doWork } from '../do-work.ts';
import type { SessionActivities } from '../session-activities.ts';

const timeoutMs = 2000;

/** Only a clear yes keeps a session; no answer, or one that can't be read, is a no. */
export function createIsBusy({
  cluster,
  probe,
}: Pick<SessionActivityDependencies, 'cluster' | 'probe'>): SessionActivities['isBusy'] {
  return ({ cluster: asked, pod: { address }, port, path }) =>
    doWork({ asked, served: cluster }, async (signal) => {
      const answer = await probe({ address, port, path, timeoutMs, signal });
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
