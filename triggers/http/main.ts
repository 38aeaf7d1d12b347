import { createAuth } from '../../platform/auth/create-auth.ts';
import { describeConfig } from '../../platform/config/describe-config.ts';
import { configWarnings } from '../../platform/config/warnings.ts';
import { startHealthServer } from '../../platform/health-server.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { configOrExit, exitForConfig } from '../../platform/process/config-or-exit.ts';
import { createShutdown } from '../../platform/shutdown.ts';
import { connectTemporalClient } from '../../platform/temporal/connect.ts';
import { createTemporalReadiness } from '../../platform/temporal/readiness.ts';
import { createRunUrl } from '../../platform/temporal/runs/run-url.ts';
import { watchConfiguration } from '../pod-watch/watch-configuration.ts';
import { createHttpApp } from './app.ts';
import { authenticateAnyone, authenticateByToken } from './authenticate.ts';
import { serve } from './serve.ts';

// Serves the HTTP API. Any number of these may run; requests are counted by each for itself.
const config = configOrExit(process.env);
const logger = createLogger({ level: config.process.logLevel, name: 'http' });
for (const warning of configWarnings(process.env)) logger.warn(warning);
const { shutdownGraceSeconds: graceSeconds, metricsHost, metricsPort } = config.process;
const auth = await createAuth({ auth: config.auth, host: config.http.host, logger }).catch(exitForConfig);
// Room for the other closers after the requests in flight have used their grace time.
const shutdown = createShutdown({ logger, graceSeconds: graceSeconds + 5, exit: (code) => process.exit(code) });
logger.info({ settings: describeConfig(config), node: process.version }, 'starting');
try {
  shutdown.onClose('keys', auth.close);
  const { server, connectTimeoutSeconds, uiUrl } = config.temporal;
  const client = await connectTemporalClient({ server, connectTimeoutSeconds, logger, signal: shutdown.signal });
  shutdown.onClose('temporal connection', () => client.connection.close());
  const metrics = createMetrics({ defaults: true });
  const readiness = createTemporalReadiness({ connection: client.connection, logger });
  shutdown.onClose('readiness', readiness.stop);
  const stopping = () => (shutdown.signal.aborted ? 'the process is stopping' : undefined);
  const checks = [...readiness.checks, ...auth.checks, { name: 'shutdown', problem: stopping }];
  const health = await startHealthServer({ host: metricsHost, port: metricsPort, metrics, checks, logger });
  shutdown.onClose('health server', health.close);

  const { namespace } = server;
  const { requestsPerMinute, requestTimeoutSeconds, dispatchQueueLimit, host, port } = config.http;
  const { dispatchConcurrency } = config.watch;
  const app = await createHttpApp({
    cluster: config.cluster.name,
    client,
    temporalNamespace: namespace,
    runUrl: createRunUrl({ uiUrl, namespace }),
    runSettings: config.pods,
    watchDefaults: watchConfiguration(config),
    authenticate: auth.verify === undefined ? authenticateAnyone : authenticateByToken(auth.verify),
    limits: { requestsPerMinute, requestTimeoutSeconds, dispatchQueueLimit, dispatchConcurrency },
    checks,
    metrics,
    logger,
  });
  const serving = await serve({ app, host, port, logger });
  shutdown.onClose('http server', () => serving.stop(graceSeconds));
} catch (error) {
  if (!shutdown.signal.aborted) await shutdown.stop('http cannot go on', error);
}
