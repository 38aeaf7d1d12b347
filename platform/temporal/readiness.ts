import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { ReadinessCheck } from '../health-server.ts';
import type { Logger } from '../logger.ts';

const pollMs = 5000;
const callMs = 5000;
const freshMs = 15_000;

export interface TemporalReadinessOptions {
  /** `worker.getState()`; `getStatus` would say polling even when the server is gone. Left out where no worker runs. */
  readonly workerState?: () => string;
  readonly connection: Pick<Connection, 'workflowService' | 'withDeadline'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly intervalMs?: number;
  readonly freshForMs?: number;
}

export interface TemporalReadiness {
  readonly checks: readonly ReadinessCheck[];
  /** Stops asking the server; call it before the connection is closed. */
  readonly stop: () => Promise<void>;
}

/**
 * Checks for `/ready`: the Temporal server answered within the last 15 s, and the worker, if there is one, runs. Why the
 * server does not answer is in the log alone: `/ready` is open to everyone, and the reason names the server's address.
 */
export function createTemporalReadiness(options: TemporalReadinessOptions): TemporalReadiness {
  const { workerState, connection, logger, intervalMs = pollMs, freshForMs = freshMs } = options;
  const controller = new AbortController();
  let answeredAtMs: number | undefined;
  let loggedFailure: string | undefined;

  const ask = async () => {
    try {
      await connection.withDeadline(Date.now() + callMs, () => connection.workflowService.getSystemInfo({}));
      answeredAtMs = performance.now();
      loggedFailure = undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== loggedFailure) logger.warn({ failure }, 'Temporal does not answer');
      loggedFailure = failure;
    }
  };
  const polling = (async () => {
    while (!controller.signal.aborted) {
      await ask();
      // Rejects only when stopped, which the loop's condition sees.
      await sleep(intervalMs, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  })();

  const server = () => {
    if (answeredAtMs === undefined) return 'Temporal has not answered';
    const ageMs = performance.now() - answeredAtMs;
    return ageMs <= freshForMs ? undefined : `Temporal last answered ${Math.round(ageMs / 1000)} s ago`;
  };
  const worker = (state: string) => (state === 'RUNNING' ? undefined : `the worker is ${state}`);
  return {
    checks: [
      ...(workerState === undefined ? [] : [{ name: 'worker', problem: () => worker(workerState()) }]),
      { name: 'temporal', problem: server },
    ],
    stop: async () => {
      controller.abort();
      await polling;
    },
  };
}
