import { setTimeout } from 'node:timers/promises';
import { countSessions, type CountSessions } from '../../activities/sessions/sweep/count-sessions.ts';
import { wait } from '../../platform/kubernetes/wait.ts';
import type { Logger } from '../../platform/logger.ts';

export interface KeepSessionsCounted extends Omit<CountSessions, 'signal'> {
  readonly logger: Logger;
  /** Time from one look to the next. */
  readonly everyMs?: number;
}

/**
 * Asks Redis every second whether its records began anew, and counts the sessions there are when they did: until then no
 * session is admitted. `counted` says whether they are, for readiness.
 */
export function keepSessionsCounted({ everyMs = 1000, logger, ...input }: KeepSessionsCounted): {
  readonly counted: () => boolean;
  readonly close: () => Promise<void>;
} {
  const closing = new AbortController();
  let countedIn: string | null = null;
  const look = async (): Promise<void> => {
    const epoch = await input.admission.epoch();
    // Redis says itself, in the log, when it can't be reached.
    if (!epoch.ok || epoch.value === countedIn) return;
    const { pods, counted } = await countSessions({ ...input, signal: closing.signal });
    countedIn = counted.ok ? counted.value : null;
    if (counted.ok) logger.info({ pods: pods.length }, 'sessions are counted; new ones may start');
    else logger.warn({ reason: counted.reason }, 'sessions could not be counted; no session starts until they are');
  };
  const run = async (): Promise<void> => {
    for (;;) {
      try {
        await look();
        await wait(everyMs, closing.signal);
      } catch (error) {
        if (closing.signal.aborted) return;
        logger.warn({ err: error }, 'session pods could not be listed; tried again');
        await setTimeout(everyMs);
      }
    }
  };
  const running = run();
  return {
    counted: () => countedIn !== null,
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
