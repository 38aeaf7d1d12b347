import { taskQueues } from '../domain/task-queues.ts';
import { createKubernetesClient } from '../platform/kubernetes/client/client.ts';
import { createConnection } from '../platform/kubernetes/connection/connection.ts';
import { createKnownPodsStore } from '../platform/redis/known-pods.ts';
import { createRedis } from '../platform/redis/redis.ts';
import { createPodkeeperWorker } from '../platform/temporal/worker.ts';
import { createWatchActivities } from '../triggers/pod-watch/index.ts';
import { ensureWatch } from '../triggers/pod-watch/ensure-watch.ts';
import { watchConfiguration } from '../triggers/pod-watch/watch-configuration.ts';
import { createWatchHolder } from '../triggers/pod-watch/hold/watch-holder.ts';
import { watchProblem } from '../triggers/pod-watch/hold/watch-problem.ts';
import { runWorkerProcess } from './worker-process.ts';

// Holds at most one watch; any number of these may run, the others stand by.
await runWorkerProcess('watch-worker', async (own) => {
  const { config, logger, metrics, shutdown, client } = own;
  const connection = await createConnection({ context: config.cluster.context });
  shutdown.onClose('kubernetes connection', () => connection.close());
  const redis = await createRedis({ ...config.redis, metrics, logger });
  shutdown.onClose('redis', () => redis.close());
  const holder = createWatchHolder();
  const worker = await createPodkeeperWorker({
    connection: own.connection,
    namespace: config.temporal.server.namespace,
    taskQueue: taskQueues.watch,
    activities: createWatchActivities({
      cluster: config.cluster.name,
      workflow: client.workflow,
      connection,
      kubernetes: createKubernetesClient({ connection, metrics }),
      knownPods: (scope) => createKnownPodsStore({ redis, ...scope }),
      identity: own.identity,
      holder,
      shutdown: shutdown.signal,
      metrics,
      logger,
    }),
    shutdownGraceSeconds: config.process.shutdownGraceSeconds,
    // Without a build id whatever TEMPORAL_WORKER_BUILD_ID says: with one, the watch would be left without a holder while
    // another version is current (docs/operations.md). What it sends is read by every version of the pod worker anyway.
    buildId: '',
    deploymentName: config.temporal.deploymentName,
    // One watch a process: a stopped process otherwise keeps its polls open and is handed every retry.
    maxConcurrentActivityTaskExecutions: 1,
    maxHeartbeatThrottleIntervalMs: 1000,
  });
  // Not waited for: it needs a pod worker, and this worker must poll meanwhile.
  void ensureWatch({
    workflow: client.workflow,
    cluster: config.cluster.name,
    configuration: watchConfiguration(config),
    revision: config.watch.revision,
    logger,
    signal: shutdown.signal,
  });
  return { worker, checks: [{ name: 'watch', problem: () => watchProblem(holder) }] };
});
