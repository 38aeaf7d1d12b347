import { createAuth } from '../../platform/auth/create-auth.ts';
import { describeConfig } from '../../platform/config/describe-config.ts';
import { configWarnings } from '../../platform/config/warnings.ts';
import { startHealthServer } from '../../platform/health-server.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { configOrExit, exitForConfig } from '../../platform/process/config-or-exit.ts';
import { loadSessionSettings } from '../../platform/sessions/load-session-settings.ts';
import { createShutdown } from '../../platform/shutdown.ts';
import { createTlsFiles } from '../../platform/tls/tls-files.ts';
import { createGateway } from './create-gateway.ts';

/** For the other closers, after the requests in flight have used their time. */
const closersSeconds = 10;

// The data path of sessions. Any number of these may run behind a load balancer.
const config = configOrExit(process.env);
const { shutdownGraceSeconds, logLevel, metricsHost, metricsPort } = config.process;
const logger = createLogger({ level: logLevel, name: 'gateway' });
for (const warning of configWarnings(process.env)) logger.warn(warning);
const metrics = createMetrics({ defaults: true });
const { host, shutdownDelaySeconds, tlsCertPath: certPath, tlsKeyPath: keyPath } = config.gateway;
const sessions = await loadSessionSettings(config).catch(exitForConfig);
for (const warning of sessions.warnings) logger.warn(warning);
const auth = await createAuth({ auth: config.auth, host, hostVariable: 'GATEWAY_HOST', logger }).catch(exitForConfig);
const tls =
  certPath === '' && keyPath === ''
    ? undefined
    : await createTlsFiles({ certPath, keyPath, logger, metrics }).catch(exitForConfig);
const graceSeconds = shutdownDelaySeconds + shutdownGraceSeconds + closersSeconds;
const shutdown = createShutdown({ logger, graceSeconds, exit: (code) => process.exit(code) });
logger.info({ settings: describeConfig(config), node: process.version }, 'starting');
try {
  shutdown.onClose('keys', auth.close);
  shutdown.onClose('certificates', () => tls?.close());
  const gateway = await createGateway({
    ...{ config, sessions, auth, metrics, logger, shutdown },
    ...(tls !== undefined && { tls }),
  });
  const stopping = () => (shutdown.signal.aborted ? 'the process is stopping' : undefined);
  const checks = [...gateway.checks, ...auth.checks, { name: 'shutdown', problem: stopping }];
  const health = await startHealthServer({ host: metricsHost, port: metricsPort, metrics, checks, logger });
  shutdown.onClose('health server', health.close);
  await gateway.listen();
} catch (error) {
  if (!shutdown.signal.aborted) await shutdown.stop('the gateway cannot go on', error);
}
