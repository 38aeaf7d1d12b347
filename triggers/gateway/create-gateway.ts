import { randomUUID } from 'node:crypto';
import { sessionNamespaces } from '../../domain/sessions/identity/session-names.ts';
import type { Auth } from '../../platform/auth/create-auth.ts';
import type { Config } from '../../platform/config.ts';
import type { ReadinessCheck } from '../../platform/health-server.ts';
import { createConnection } from '../../platform/kubernetes/connection/connection.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { checkRedis } from '../../platform/redis/check-redis.ts';
import { createRedis } from '../../platform/redis/redis.ts';
import { type AdmissionLimits, createAdmissionStore } from '../../platform/redis/sessions/admission/admission.ts';
import { createLeaseStore } from '../../platform/redis/sessions/leases/leases.ts';
import { sessionKeys } from '../../platform/redis/sessions/session-keys.ts';
import type { SessionSettings } from '../../platform/sessions/load-session-settings.ts';
import type { Shutdown } from '../../platform/shutdown.ts';
import { lazyTemporalClient } from '../../platform/temporal/connect.ts';
import type { TlsFiles } from '../../platform/tls/tls-files.ts';
import { createLeaseHolder } from './leases/create-lease-holder.ts';
import { createSessionProxy } from './proxy/create-session-proxy.ts';
import { createRouteTable } from './routes/create-route-table.ts';
import { followSessionPods } from './routes/follow-session-pods.ts';
import { createGatewayServer } from './server/gateway-server.ts';
import { createReachSession } from './session/create-reach-session.ts';
import { createSessionStarter } from './starts/create-session-starter.ts';
import { createSessionRuns } from './starts/runs/create-session-runs.ts';
import { createUpstream } from './upstream/create-upstream.ts';
import { createSessionTunnels } from './websocket/create-session-tunnels.ts';

export interface GatewayInput {
  readonly config: Config;
  readonly sessions: SessionSettings;
  readonly auth: Auth;
  /** Left out, plain HTTP is served. */
  readonly tls?: TlsFiles;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly shutdown: Pick<Shutdown, 'onClose' | 'stop'>;
}

export interface Gateway {
  readonly checks: readonly ReadinessCheck[];
  /** Takes connections; answers the port. The last thing to be closed first: it drains. */
  readonly listen: () => Promise<number>;
}

/** Puts a gateway together: routes and leases, starts of sessions, the way to pods, and the server. */
export async function createGateway(input: GatewayInput): Promise<Gateway> {
  const { config, metrics, logger, shutdown } = input;
  const { classes, signingKeys } = input.sessions;
  const cluster = config.cluster.name;
  // None of them has to be there for what runs to be served.
  const kubernetes = await createConnection({ context: config.cluster.context });
  shutdown.onClose('kubernetes connection', () => kubernetes.close());
  const client = lazyTemporalClient(config.temporal.server);
  shutdown.onClose('temporal connection', () => client.connection.close());
  const redis = await createRedis({ ...config.redis, metrics, logger });
  shutdown.onClose('redis', () => redis.close());
  const redisCheck = await checkRedis({ redis, logger });
  shutdown.onClose('redis check', redisCheck.close);

  const routes = createRouteTable({ classes, signingKeys, metrics, logger, clock: () => performance.now() });
  const watching = new AbortController();
  shutdown.onClose('watch of session pods', () => watching.abort());
  const { namespace, namespaceShards } = config.sessions;
  const namespaces = sessionNamespaces(namespace, namespaceShards);
  const { signal } = watching;
  followSessionPods({ connection: kubernetes, namespaces, table: routes, metrics, logger, signal }).catch(
    (error: unknown) => shutdown.stop('session pods cannot be watched', error),
  );

  const keys = sessionKeys(cluster);
  const store = createLeaseStore({ redis, keys, bootId: randomUUID() });
  const leases = createLeaseHolder({ store, metrics });
  const upstream = createUpstream({ classes, signingKeys, routes, metrics, logger });
  routes.onGone((podUid) => upstream.forget(podUid));
  shutdown.onClose('leases', () => leases.close());
  shutdown.onClose('connections to pods', () => upstream.close());

  const runs = createSessionRuns({ client, cluster, sessions: config.sessions });
  const admission = createAdmissionStore({ redis, keys });
  const limits = admissionLimits(config.sessions);
  const starter = createSessionStarter({ runs, admission, routes, limits, metrics, logger });
  const reach = createReachSession({ routes, leases, starter, classes });
  const closeOnTokenExpiry = config.gateway.closeOnTokenExpiry === 'true';
  const server = createGatewayServer({
    verify: input.auth.verify,
    sessions: config.sessions,
    classes,
    proxy: createSessionProxy({ reach, upstream, routes, classes, metrics }),
    tunnels: createSessionTunnels({ reach, upstream, routes, leases, classes, closeOnTokenExpiry, metrics, logger }),
    runs,
    routes,
    closeOnTokenExpiry,
    metrics,
    logger,
    limits: { socketsPerClient: config.gateway.socketsPerClient },
    ...(input.tls !== undefined && { tls: input.tls }),
  });
  return {
    checks: [redisCheck, { name: 'routes', problem: () => routes.notReady() }],
    listen: async () => {
      const { host, port, shutdownDelaySeconds } = config.gateway;
      const bound = await server.listen({ host, port });
      const drainMs = config.process.shutdownGraceSeconds * 1000;
      shutdown.onClose('gateway', () => server.stop({ delayMs: shutdownDelaySeconds * 1000, drainMs }));
      return bound;
    },
  };
}

/** Unless it is said, no tenant of several takes more than a fifth of all. */
function admissionLimits(sessions: Config['sessions']): AdmissionLimits {
  const { maxSessions, maxSessionsPerTenant, tenantClaim, startsPerSecond, startsAtOnce } = sessions;
  const share = tenantClaim === '' ? maxSessions : Math.ceil(maxSessions / 5);
  return {
    sessions: maxSessions,
    sessionsPerTenant: maxSessionsPerTenant === 0 ? share : maxSessionsPerTenant,
    startsPerSecond,
    startsAtOnce,
  };
}
