import { createSessionActivities } from '../activities/sessions/index.ts';
import { createComparePodsWithRuns } from '../activities/sessions/sweep/compare-pods-with-runs.ts';
import { sessionNamespaces } from '../domain/sessions/identity/session-names.ts';
import { taskQueues } from '../domain/task-queues.ts';
import { createPodsClient } from '../platform/kubernetes/client/pods.ts';
import { createConnection } from '../platform/kubernetes/connection/connection.ts';
import { exitForConfig } from '../platform/process/config-or-exit.ts';
import { checkRedis } from '../platform/redis/check-redis.ts';
import { createRedis } from '../platform/redis/redis.ts';
import { createAdmissionStore } from '../platform/redis/sessions/admission/admission.ts';
import { createSessionLifeStore } from '../platform/redis/sessions/life/session-life.ts';
import { sessionKeys } from '../platform/redis/sessions/session-keys.ts';
import { loadSessionSettings } from '../platform/sessions/load-session-settings.ts';
import { createProbe } from '../platform/sessions/probe.ts';
import { createPodkeeperWorker } from '../platform/temporal/worker.ts';
import { loadWorkflowCode } from '../platform/temporal/workflow-code.ts';
import { ensureSweepSchedule } from './sessions/ensure-sweep-schedule.ts';
import { keepSessionsCounted } from './sessions/keep-sessions-counted.ts';
import { runWorkerProcess } from './worker-process.ts';

// Runs the life of every session, the sweeps that compare pods with runs, and their activities.
await runWorkerProcess('session-worker', async ({ config, logger, metrics, shutdown, connection, client }) => {
  const { classes, signingKeys, warnings } = await loadSessionSettings(config).catch(exitForConfig);
  for (const warning of warnings) logger.warn(warning);
  const { name: cluster } = config.cluster;
  const kubernetes = await createConnection({ context: config.cluster.context });
  shutdown.onClose('kubernetes connection', () => kubernetes.close());
  const redis = await createRedis({ ...config.redis, metrics, logger });
  shutdown.onClose('redis', () => redis.close());
  const redisCheck = await checkRedis({ redis, logger });
  shutdown.onClose('redis check', redisCheck.close);
  const { probe, close: closeProbe } = createProbe();
  shutdown.onClose('probes', closeProbe);
  const keys = sessionKeys(cluster);
  const pods = createPodsClient({ connection: kubernetes, metrics });
  const admission = createAdmissionStore({ redis, keys });
  const namespaces = sessionNamespaces(config.sessions.namespace, config.sessions.namespaceShards);
  logger.info({ namespaces, classes: [...classes.keys()], kid: signingKeys.kid }, 'sessions are served');
  const counting = keepSessionsCounted({ pods, namespaces, signingKeys, admission, logger });
  shutdown.onClose('count of sessions', counting.close);
  const worker = await createPodkeeperWorker({
    connection,
    namespace: config.temporal.server.namespace,
    taskQueue: taskQueues.sessions,
    activities: {
      ...createSessionActivities({
        cluster,
        pods,
        life: createSessionLifeStore({ redis, keys }),
        admission,
        maxSessions: config.sessions.maxSessions,
        metrics,
        signingKeys,
        probe,
        logger,
      }),
      comparePodsWithRuns: createComparePodsWithRuns({
        cluster,
        client,
        pods,
        namespaces,
        classes,
        podCreationTimeoutSeconds: config.sessions.podCreationTimeoutSeconds,
        signingKeys,
        admission,
        metrics,
        logger,
      }),
    },
    workflows: await loadWorkflowCode({ mode: config.process.mode, logger }),
    shutdownGraceSeconds: config.process.shutdownGraceSeconds,
    buildId: config.temporal.buildId,
    deploymentName: config.temporal.deploymentName,
  });
  // Not waited for: the worker serves sessions meanwhile.
  void ensureSweepSchedule({
    client,
    cluster,
    everySeconds: config.sessions.cleanupIntervalSeconds,
    logger,
    signal: shutdown.signal,
  });
  return { worker, checks: [redisCheck] };
});
