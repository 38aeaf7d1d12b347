import { Runtime, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from '../logger.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
type TemporalLevel = keyof typeof levels;

/** Writes what the Temporal SDK, workflows and activities log into Podkeeper's log, as `component: temporal`. */
export function createTemporalLogger(logger: Logger): TemporalLogger {
  const child = logger.child({ component: 'temporal' });
  const log = (level: TemporalLevel, message: string, meta: Readonly<Record<string | symbol, unknown>> = {}) => {
    const { error, ...rest } = meta;
    child[levels[level]]({ ...rest, ...(error !== undefined && { err: error }) }, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}

/**
 * Sets the SDK up, once per process and before the first connection: its log goes to ours, and signals are left to
 * `createShutdown`, which drains the watch before the worker stops polling.
 */
export function installTemporalRuntime(logger: Logger): void {
  Runtime.install({
    logger: createTemporalLogger(logger),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    shutdownSignals: [],
  });
}
