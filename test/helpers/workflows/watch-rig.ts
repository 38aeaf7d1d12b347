import { MockActivityEnvironment } from '@temporalio/testing';
import type { WorkflowClient } from '@temporalio/client';
import type { WatchCheckpoint } from '../../../domain/pods/watch/watch-checkpoint.ts';
import type { WatchHeartbeat } from '../../../domain/pods/watch/watch-view.ts';
import { createKubernetesClient } from '../../../platform/kubernetes/client/client.ts';
import { createConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { createLogger } from '../../../platform/logger.ts';
import { createMetrics, type Metrics } from '../../../platform/metrics.ts';
import type { KnownPod, KnownPodsStore } from '../../../platform/redis/known-pods.ts';
import { createWatchActivities } from '../../../triggers/pod-watch/index.ts';
import { createWatchHolder } from '../../../triggers/pod-watch/hold/watch-holder.ts';
import type { WatchIntervalInput } from '../../../workflows/watch-pods.messages.ts';
import { watchConfiguration } from './watch-runs.ts';

/** Known pods in memory, as Redis would keep them for one scope. */
function memoryStore(): KnownPodsStore & { readonly pods: Map<string, KnownPod> } {
  const pods = new Map<string, KnownPod>();
  let complete = false;
  return {
    pods,
    load: () => Promise.resolve({ ok: true, value: { pods: new Map(pods), complete } }),
    write: ({ upserts, deletes, whole }) => {
      for (const [uid, pod] of upserts) pods.set(uid, pod);
      for (const uid of deletes) pods.delete(uid);
      complete ||= whole === true;
      return Promise.resolve({ ok: true, value: { applied: true, complete } });
    },
  };
}

export interface WatchRigOptions {
  readonly kubeconfigPath: string;
  readonly workflow: WorkflowClient;
  /** The cluster it serves; `test` when left out. */
  readonly cluster?: string;
  readonly store?: KnownPodsStore;
  readonly metrics?: Metrics;
}

/** The activities of one watch worker process, with its own connections and its own SIGTERM. */
export async function createWatchRig({ kubeconfigPath, workflow, ...options }: WatchRigOptions) {
  const { cluster = 'test', store = memoryStore(), metrics = createMetrics() } = options;
  const connection = await createConnection({ kubeconfigPath });
  const shutdown = new AbortController();
  const holder = createWatchHolder();
  const activities = createWatchActivities({
    cluster,
    workflow,
    connection,
    kubernetes: createKubernetesClient({ connection, metrics }),
    knownPods: () => store,
    identity: 'host/1',
    holder,
    shutdown: shutdown.signal,
    metrics,
    logger: createLogger({ level: process.env['PODKEEPER_TEST_LOG'] ?? 'silent', name: 'test' }),
  });
  return { activities, holder, sigterm: () => shutdown.abort(), close: () => connection.close() };
}

export interface AttemptOptions {
  readonly activities: Awaited<ReturnType<typeof createWatchRig>>['activities'];
  readonly input?: Partial<WatchIntervalInput>;
  /** What the attempt before this one said last. */
  readonly inherited?: WatchCheckpoint;
}

/** One attempt of the watch activity, run without a worker. */
export function startAttempt({ activities, input, inherited }: AttemptOptions) {
  const heartbeats: WatchHeartbeat[] = [];
  const environment = new MockActivityEnvironment({
    ...(inherited && { heartbeatDetails: { checkpoint: inherited, view: null } }),
    scheduledTimestampMs: Date.now(),
  });
  environment.on('heartbeat', (details: WatchHeartbeat) => heartbeats.push(details));
  const result = environment.run(activities.watchPodsInterval, {
    cluster: 'test',
    watchWorkflowId: 'watch/test/all',
    configuration: watchConfiguration(),
    checkpoint: null,
    interval: 1,
    ...input,
  });
  return { result, heartbeats, cancel: () => environment.cancel() };
}
