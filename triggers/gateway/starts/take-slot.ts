import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureCode } from '../../../domain/failures.ts';
import type { AdmissionLimits, AdmissionStore, Slot } from '../../../platform/redis/sessions/admission/admission.ts';
import { Problem } from '../../http/problems/problem.ts';

/** A rebuild often takes less than this. */
const rebuildMs = 2000;
const askAgainMs = 250;
/** Of Retry-After, in seconds. */
const leastWait = 5;
const mostWait = 15;

/** Takes one of the slots there are for sessions; one that has a slot keeps it. Throws a Problem when there is none. */
export async function takeSlot(
  { admission, limits }: { readonly admission: Pick<AdmissionStore, 'admit'>; readonly limits: AdmissionLimits },
  slot: Slot,
): Promise<void> {
  const untilMs = performance.now() + rebuildMs;
  for (;;) {
    const result = await admission.admit(slot, limits);
    if (!result.ok) throw new Problem('admission_unavailable', { cause: new Error(result.reason) });
    const { answer, retryMs } = result.value;
    switch (answer) {
      case 'admitted':
      case 'known':
        return;
      case 'rebuilding':
        if (performance.now() >= untilMs) throw new Problem('admission_rebuilding');
        await sleep(askAgainMs, undefined, { ref: false });
        break;
      case 'cluster_limit':
        throw refused(answer, retryMs, `There are ${limits.sessions} sessions, as many as there may be.`);
      case 'tenant_limit':
        throw refused(answer, retryMs, `The tenant has ${limits.sessionsPerTenant} sessions, as many as it may have.`);
      case 'too_fast':
        throw refused('tenant_limit', retryMs, `The tenant may start ${limits.startsPerSecond} sessions a second.`);
    }
  }
}

/** The wait is random, so that those who were refused don't come back together, and not shorter than what is known. */
function refused(code: FailureCode, retryMs: number, detail: string): Problem {
  const random = leastWait + Math.floor(Math.random() * (mostWait - leastWait + 1));
  return new Problem(code, {
    detail,
    retryAfterSeconds: Math.min(mostWait, Math.max(random, Math.ceil(retryMs / 1000))),
  });
}
