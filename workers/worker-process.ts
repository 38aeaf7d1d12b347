import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Config } from '../platform/config.ts';
import { configWarnings } from '../platform/config/warnings.ts';
import { describeConfig } from '../platform/config/describe-config.ts';
import { type ReadinessCheck, startHealthServer } from '../platform/health-server.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { createMetrics, type Metrics } from '../platform/metrics.ts';
import { configOrExit } from '../platform/process/config-or-exit.ts';
import { createShutdown, type Shutdown } from '../platform/shutdown.ts';
import { connectTemporalWorker } from '../platform/temporal/connect.ts';
import { createTemporalReadiness } from '../platform/temporal/readiness.ts';
import { installTemporalRuntime } from '../platform/temporal/runtime.ts';
import { checkSearchAttributes } from '../platform/temporal/search-attributes.ts';

/** What every worker process has before its own part begins. */
export interface WorkerProcess {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  readonly connection: NativeConnection;
  readonly client: Client;
  /** Host and process id. */
  readonly identity: string;
}

export interface WorkerParts {
  readonly worker: Worker;
  readonly checks?: readonly ReadinessCheck[];
}

/**
 * Runs one worker process from its configuration to its exit: connects (with retries, then exits non-zero), checks the
 * search attributes, serves `/health`, `/ready` and `/metrics`, polls until SIGTERM, then closes in reverse order.
 */
export async function runWorkerProcess(
  name: string,
  create: (process: WorkerProcess) => Promise<WorkerParts>,
): Promise<void> {
  const config = configOrExit(process.env);
  const logger = createLogger({ level: config.process.logLevel, name });
  for (const warning of configWarnings(process.env)) logger.warn(warning);
  const { shutdownGraceSeconds: graceSeconds, metricsHost: host, metricsPort: port } = config.process;
  // Room for the closers after the worker itself has used its grace time.
  const shutdown = createShutdown({ logger, graceSeconds: graceSeconds + 5, exit: (code) => process.exit(code) });
  logger.info({ settings: describeConfig(config), node: process.version }, 'starting');
  try {
    installTemporalRuntime(logger);
    const { server, connectTimeoutSeconds } = config.temporal;
    const connection = await connectTemporalWorker({ server, connectTimeoutSeconds, logger, signal: shutdown.signal });
    shutdown.onClose('temporal connection', () => connection.close());
    const { namespace } = server;
    await checkSearchAttributes({ connection, namespace, logger });
    const metrics = createMetrics({ defaults: true });
    const client = new Client({ connection, namespace });
    const identity = `${hostname()}/${process.pid}`;
    const parts = await create({ config, logger, metrics, shutdown, connection, client, identity });
    const { worker, checks = [] } = parts;

    const readiness = createTemporalReadiness({ workerState: () => worker.getState(), connection, logger });
    shutdown.onClose('readiness', readiness.stop);
    const health = await startHealthServer({
      host,
      port,
      metrics,
      checks: [...readiness.checks, ...checks],
      logger,
    });
    shutdown.onClose('health server', health.close);
    const polling = worker.run();
    shutdown.onClose('worker', async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await polling;
    });
    await polling;
  } catch (error) {
    if (!shutdown.signal.aborted) await shutdown.stop(`${name} cannot go on`, error);
  }
}
