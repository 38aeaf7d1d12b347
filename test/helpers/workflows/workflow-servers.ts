import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { NativeConnection } from '@temporalio/worker';
import { createPodActivities, type PodActivities } from '../../../activities/pods/index.ts';
import { createReplayActivities, type ReplayActivities } from '../../../activities/replay/index.ts';
import type { GetPod } from '../../../activities/pods/find-pod.ts';
import { type CompiledRules, noRules } from '../../../domain/pods/rules/compiled-rules.ts';
import type { SessionActivities } from '../../../activities/sessions/session-activities.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import { createLogger } from '../../../platform/logger.ts';
import { createMetrics, type Metrics } from '../../../platform/metrics.ts';
import { installTemporalRuntime } from '../../../platform/temporal/runtime.ts';
import { registerSearchAttributes } from '../../../platform/temporal/search-attributes.ts';
import { createPodkeeperWorker } from '../../../platform/temporal/worker.ts';
import { bundleWorkflows } from '../../../platform/temporal/workflow-code.ts';
import { sharedEnvironment } from '../environment.ts';
import { createTestNamespace } from '../temporal-namespace.ts';

/** The real Temporal server with a namespace of its own, so that the fixed task queues meet no other test's workers. */
export interface WorkflowServers {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Runs the workflows and the activities of pod runs, as a pod worker does. */
  startPodWorker(options?: PodWorkerOptions): Promise<RunningWorker>;
  /** Runs the workflows and these activities in place of a session worker. */
  startSessionWorker(activities: object, buildId?: string): Promise<RunningWorker>;
  /** Runs these activities in place of a watch worker, which has no build id. */
  startWatchWorker(activities: object, buildId?: string): Promise<RunningWorker>;
  close(): Promise<void>;
}

interface PodWorkerOptions {
  /** What the API server says; no pod exists unless a test says so. */
  readonly getPod?: GetPod;
  /** The user rules in force; none when left out. */
  readonly rules?: () => CompiledRules;
  readonly metrics?: Metrics;
  /** Takes the place of single activities. */
  readonly activities?: Partial<PodActivities & ReplayActivities & SessionActivities>;
  /** Runs a replay lists at once. */
  readonly replayPageSize?: number;
  /** Turns worker versioning on. */
  readonly buildId?: string;
}

export interface RunningWorker {
  stop(): Promise<void>;
}

/**
 * Bundles the workflows from source and registers a namespace with all search attributes; takes a few seconds.
 */
export async function startWorkflowServers(): Promise<WorkflowServers> {
  const logger = createLogger({ level: process.env['PODKEEPER_TEST_LOG'] ?? 'silent', name: 'test' });
  installTemporalRuntime(logger);
  const address = (await sharedEnvironment()).temporalAddress();
  const outside = await TestWorkflowEnvironment.createFromExistingServer({ address });
  const namespace = await createTestNamespace(outside.connection);
  await registerSearchAttributes({ connection: outside.connection, namespace, logger });
  await outside.teardown();
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace });
  const { client, nativeConnection: connection } = environment;
  const code = await bundleWorkflows({ logger });
  const running = new Set<RunningWorker>();

  const start = async (
    parts: Pick<Parameters<typeof createPodkeeperWorker>[0], 'taskQueue' | 'activities' | 'buildId'>,
  ) => {
    const worker = await createPodkeeperWorker({
      ...parts,
      connection,
      namespace,
      ...(parts.taskQueue !== taskQueues.watch
        ? { workflows: { workflowBundle: { code } } }
        : { maxConcurrentActivityTaskExecutions: 1, maxHeartbeatThrottleIntervalMs: 1000 }),
      shutdownGraceSeconds: 1,
      deploymentName: 'podkeeper',
    });
    const done = worker.run();
    const handle = {
      async stop() {
        if (!running.delete(handle)) return;
        worker.shutdown();
        await done;
      },
    };
    running.add(handle);
    return handle;
  };

  return {
    client,
    connection,
    namespace,
    startPodWorker: ({
      getPod = () => Promise.resolve(undefined),
      rules = () => noRules,
      metrics = createMetrics(),
      replayPageSize: pageSize = 100,
      activities,
      buildId = '',
    } = {}) =>
      start({
        taskQueue: taskQueues.pods,
        activities: {
          ...createPodActivities({ metrics, rules, cluster: 'test', getPod }),
          ...createReplayActivities({ client, cluster: 'test', rules, metrics, pageSize }),
          ...activities,
        },
        buildId,
      }),
    startSessionWorker: (activities, buildId = '') => start({ taskQueue: taskQueues.sessions, activities, buildId }),
    startWatchWorker: (activities, buildId = '') => start({ taskQueue: taskQueues.watch, activities, buildId }),
    async close() {
      for (const worker of running) await worker.stop();
      await environment.teardown();
    },
  };
}
