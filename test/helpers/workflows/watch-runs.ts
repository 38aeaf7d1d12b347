import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { watchWorkflowId } from '../../../domain/names.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import type { WatchActivities } from '../../../triggers/pod-watch/index.ts';
import { configurationHash } from '../../../triggers/pod-watch/watch-configuration.ts';
import {
  type WatchConfiguration,
  type WatchIntervalInput,
  type WatchPodsInput,
  watchPodsType,
  type WatchStatus,
  watchStatusQuery,
} from '../../../workflows/watch-pods.messages.ts';
import type { watchPods } from '../../../workflows/watch-pods.ts';
import { checkpointAt } from '../watch-values.ts';
import { quickSettings } from './pod-runs.ts';
import type { WorkflowServers } from './workflow-servers.ts';

export type WatchRunHandle = WorkflowHandle<typeof watchPods>;

/** A watch of the whole cluster whose intervals are as long as a test says. */
export function watchConfiguration(parts: Partial<WatchConfiguration> = {}): WatchConfiguration {
  const { classificationTimeoutMs, failedRetentionSeconds, idleCheckSeconds } = quickSettings;
  return {
    scope: { scopeName: 'all', namespaces: [], excludePatterns: [] },
    podRuns: 'all',
    coalesceMs: 20,
    dispatchConcurrency: 16,
    queueLimit: 1000,
    intervalSeconds: 600,
    classificationTimeoutMs,
    failedRetentionSeconds,
    idleCheckSeconds,
    ...parts,
  };
}

export async function startWatchRun(
  { client }: Pick<WorkflowServers, 'client'>,
  { configuration = watchConfiguration(), ...input }: Partial<WatchPodsInput> = {},
): Promise<WatchRunHandle> {
  const cluster = `test-${randomUUID().slice(0, 8)}`;
  return await client.workflow.start<typeof watchPods>(watchPodsType, {
    workflowId: watchWorkflowId(cluster, configuration.scope.scopeName),
    taskQueue: taskQueues.pods,
    args: [{ cluster, configuration, configHash: configurationHash(configuration), revision: 1, ...input }],
  });
}

/** Asks until the status satisfies the condition. */
export async function untilStatus(
  handle: Pick<WatchRunHandle, 'query'>,
  condition: (status: WatchStatus) => boolean,
): Promise<WatchStatus> {
  for (;;) {
    const status = await handle.query(watchStatusQuery);
    if (condition(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface Interval {
  readonly input: WatchIntervalInput;
  readonly attempt: number;
  readonly inherited: unknown;
  /** Ends the interval at this version. */
  returns(version: number): void;
  heartbeat(version: number): void;
  throws(error: Error): void;
}

/**
 * Stands for the watch activity: each attempt heartbeats like the real one until the test ends it, and returns its
 * checkpoint when it is cancelled.
 */
export function scriptedWatch() {
  const started: Interval[] = [];
  const waiting: ((interval: Interval) => void)[] = [];
  const open = new Set<() => void>();
  let silent = false;

  const watchPodsInterval: WatchActivities['watchPodsInterval'] = async (input) => {
    const context = Context.current();
    let checkpoint = input.checkpoint ?? checkpointAt(0);
    const heartbeat = () => {
      if (!silent) context.heartbeat({ checkpoint, view: null });
    };
    const beating = setInterval(heartbeat, 200);
    try {
      const endedBy = await new Promise<'interval' | 'cancelled'>((resolve, reject) => {
        open.add(() => resolve('cancelled'));
        context.cancelled.catch(() => {
          if (!silent) resolve('cancelled');
        });
        hand({
          input,
          attempt: context.info.attempt,
          inherited: context.info.heartbeatDetails,
          returns: (version) => {
            checkpoint = checkpointAt(version);
            resolve('interval');
          },
          heartbeat: (version) => {
            checkpoint = checkpointAt(version);
            heartbeat();
          },
          throws: reject,
        });
      });
      return { checkpoint, endedBy, accepted: 7, missingPermissions: ['watch pods'] };
    } finally {
      clearInterval(beating);
    }
  };

  const hand = (interval: Interval): void => {
    const receiver = waiting.shift();
    if (receiver === undefined) started.push(interval);
    else receiver(interval);
  };

  return {
    activities: { watchPodsInterval },
    /** The next attempt that was not handed out yet. */
    next: (): Promise<Interval> => {
      const interval = started.shift();
      return interval === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(interval);
    },
    /** From now on attempts neither heartbeat nor hear that they are cancelled, as those of a stopped process. */
    silence: () => void (silent = true),
    /** Ends every attempt, so that its worker can stop. */
    release: () => {
      for (const end of open) end();
    },
  };
}
