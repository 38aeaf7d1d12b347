import { constants } from 'node:os';
import type { Logger } from './logger.ts';

/** How a Podkeeper process ends. A second signal during shutdown ends it at once with 128 + its number (130, 143). */
export const exitCodes = {
  /** Asked to stop, and everything was closed in time. */
  stopped: 0,
  /** It could not start or go on, or something did not close in time. */
  failed: 1,
  /** The configuration is not valid; starting it again will not help. */
  invalidConfiguration: 2,
} as const;

export interface Shutdown {
  /** Aborted as soon as the process is to stop: stop taking work, finish what is held. */
  readonly signal: AbortSignal;
  /** Registers what to close; the last registered is closed first. */
  readonly onClose: (name: string, close: () => Promise<void> | void) => void;
  /** Stops the process as a signal would; `error` makes it exit with `failed`. Resolves when everything is closed. */
  readonly stop: (reason: string, error?: unknown) => Promise<void>;
}

export interface ShutdownOptions {
  readonly logger: Logger;
  /** Limit for all closers together; then the process exits with `failed`. */
  readonly graceSeconds: number;
  readonly exit: (code: number) => void;
}

/** One Ctrl-C may arrive twice, from the terminal and from the npm or launcher process above this one. */
const sameSignalMs = 500;

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/** Handles SIGTERM and SIGINT from now on, for the one process it is created in. */
export function createShutdown({ logger, graceSeconds, exit }: ShutdownOptions): Shutdown {
  const controller = new AbortController();
  const closers: Closer[] = [];
  let stopping: Promise<void> | undefined;
  let failed = false;
  let signalledAtMs = 0;

  const run = async (reason: string) => {
    const timer = setTimeout(() => {
      logger.error({ graceSeconds }, 'not everything closed in time, exiting');
      exit(exitCodes.failed);
    }, graceSeconds * 1000);
    controller.abort(new Error(`stopping: ${reason}`));
    const clean = await closeAll(closers, logger);
    clearTimeout(timer);
    logger.info('stopped');
    exit(clean && !failed ? exitCodes.stopped : exitCodes.failed);
  };
  const stop = (reason: string, error?: unknown) => {
    failed ||= error !== undefined;
    if (error !== undefined) logger.error({ reason, err: error }, 'stopping after a failure');
    else if (stopping === undefined) logger.info({ reason, graceSeconds }, 'stopping');
    return (stopping ??= run(reason));
  };
  const onSignal = (name: 'SIGTERM' | 'SIGINT') => {
    const nowMs = performance.now();
    if (stopping === undefined) {
      signalledAtMs = nowMs;
      void stop(name);
    } else if (nowMs - signalledAtMs > sameSignalMs) exit(128 + constants.signals[name]);
  };

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return { signal: controller.signal, stop, onClose: (name, close) => void closers.push({ name, close }) };
}

/** Closes in reverse order, one after the other; a failure does not keep the others open. */
async function closeAll(closers: Closer[], logger: Logger): Promise<boolean> {
  let clean = true;
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
    try {
      await closer.close();
      logger.debug({ closed: closer.name }, 'closed');
    } catch (error) {
      clean = false;
      logger.error({ closing: closer.name, err: error }, 'could not be closed');
    }
  }
  return clean;
}
