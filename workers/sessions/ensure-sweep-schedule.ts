import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { searchAttributePairs } from '../../domain/search-attributes.ts';
import { sweepScheduleId } from '../../domain/names.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import type { Logger } from '../../platform/logger.ts';
import { retryUntil } from '../../triggers/pod-watch/dispatch/retry-until.ts';
import { sweepSessionsType } from '../../workflows/sweep-sessions.messages.ts';
import type { sweepSessions } from '../../workflows/sweep-sessions.ts';

export interface EnsureSweepSchedule {
  readonly client: Client;
  readonly cluster: string;
  readonly everySeconds: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Makes the Schedule of the sweeps, or gives the one there is these values. Goes on until Temporal has answered. */
export async function ensureSweepSchedule(input: EnsureSweepSchedule): Promise<void> {
  const { client, logger, signal } = input;
  const options = scheduleOptions(input);
  const { scheduleId, spec, action, policies } = options;
  const done = await retryUntil(
    async () => {
      try {
        await client.schedule.create(options);
        return 'created';
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        // Whether a person has paused it stays as it is.
        await client.schedule.getHandle(scheduleId).update((previous) => ({ ...previous, spec, action, policies }));
        return 'updated';
      }
    },
    {
      signal,
      firstDelayMs: 500,
      onError: (error) => logger.warn({ err: error }, 'the Schedule of the sweeps could not be written yet'),
    },
  );
  if (done !== undefined)
    logger.info({ scheduleId, everySeconds: input.everySeconds }, `Schedule of the sweeps ${done}`);
}

function scheduleOptions({ cluster, everySeconds }: Pick<EnsureSweepSchedule, 'cluster' | 'everySeconds'>) {
  const scheduleId = sweepScheduleId(cluster);
  return {
    scheduleId,
    spec: { intervals: [{ every: `${everySeconds}s` }] },
    // One that was missed for longer is of no use: the next one finds the same.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '60s' },
    action: {
      type: 'startWorkflow',
      workflowType: sweepSessionsType,
      workflowId: scheduleId,
      taskQueue: taskQueues.sessions,
      args: [{ cluster }],
      workflowExecutionTimeout: '20m',
      staticSummary: `Session pods and runs of cluster ${cluster}, compared`,
      typedSearchAttributes: searchAttributePairs({ cluster, tags: ['sweep'] }),
    },
  } satisfies ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof sweepSessions>>;
}
