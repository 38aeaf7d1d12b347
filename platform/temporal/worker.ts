import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { WorkflowCode } from './workflow-code.ts';

/** What a Podkeeper worker process decides about its worker; everything else is the same for all of them. */
export interface PodkeeperWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: object;
  /** Left out, the worker runs activities only. */
  readonly workflows?: WorkflowCode;
  /** Time for activities to finish after the worker was told to stop, before they are cancelled. */
  readonly shutdownGraceSeconds: number;
  /** Empty runs the worker without worker versioning. */
  readonly buildId: string;
  readonly deploymentName: string;
  readonly maxConcurrentActivityTaskExecutions?: number;
  /** The SDK otherwise sends a heartbeat every 80 % of the heartbeat time-out only. */
  readonly maxHeartbeatThrottleIntervalMs?: number;
}

/** Creates a worker that is not running yet: call `run()`, and `shutdown()` from a closer. */
export async function createPodkeeperWorker({ connection, ...options }: PodkeeperWorkerOptions): Promise<Worker> {
  return await Worker.create({ ...workerOptions(options), connection });
}

/** The rules every worker follows, and why they differ from the SDK's defaults. */
export function workerOptions(options: Omit<PodkeeperWorkerOptions, 'connection'>): WorkerOptions {
  const { namespace, taskQueue, activities, workflows, shutdownGraceSeconds } = options;
  const { maxConcurrentActivityTaskExecutions, maxHeartbeatThrottleIntervalMs } = options;
  return {
    namespace,
    taskQueue,
    activities,
    ...workflows,
    shutdownGraceTime: shutdownGraceSeconds * 1000,
    // The wait for a killed worker's runs to be picked up by another one; the default is 10 s.
    stickyQueueScheduleToStartTimeout: '2s',
    ...(maxConcurrentActivityTaskExecutions !== undefined && { maxConcurrentActivityTaskExecutions }),
    ...(maxHeartbeatThrottleIntervalMs !== undefined && {
      maxHeartbeatThrottleInterval: maxHeartbeatThrottleIntervalMs,
    }),
    ...versioning(options),
  };
}

/** Runs move to new versions as they come (workflows use `patched`), except where a workflow says PINNED itself. */
function versioning({
  buildId,
  deploymentName,
}: Pick<PodkeeperWorkerOptions, 'buildId' | 'deploymentName'>): Partial<WorkerOptions> {
  if (buildId === '') return {};
  return {
    workerDeploymentOptions: {
      version: { buildId, deploymentName },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
