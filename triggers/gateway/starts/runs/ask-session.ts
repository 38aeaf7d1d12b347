import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { isPassing, runProblem } from './run-problem.ts';

const leastPauseMs = 50;
const mostPauseMs = 500;

export interface AskOptions {
  readonly client: Pick<Client, 'withDeadline'>;
  /** One try may take this long, and tries are made for this long. */
  readonly forMs: number;
  /** What else is worth another try, beside a run that is busy or ended just now. */
  readonly isPassingToo?: (error: unknown) => boolean;
}

/** A random time, so that those who were refused together don't come back together. */
export function jitteredPauseMs(): number {
  return leastPauseMs + Math.random() * (mostPauseMs - leastPauseMs);
}

/**
 * Makes a call of a session's run, again after 50 to 500 ms when the run was busy or ended just now. `ask` must send a
 * new update id each time: a finished update's outcome is told again for its id. Throws a Problem.
 */
export async function askSession<T>({ client, forMs, isPassingToo }: AskOptions, ask: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + forMs;
  for (;;) {
    try {
      return await client.withDeadline(Date.now() + forMs, ask);
    } catch (error) {
      const again = isPassing(error) || isPassingToo?.(error) === true;
      if (!again || performance.now() >= untilMs) throw runProblem(error);
      await sleep(jitteredPauseMs(), undefined, { ref: false });
    }
  }
}
