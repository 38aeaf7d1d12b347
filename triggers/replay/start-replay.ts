import { type WorkflowClient, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { replayWorkflowId } from '../../domain/names.ts';
import { describeFilter } from '../../domain/replay/describe-filter.ts';
import { replayAttributes } from '../../domain/replay/replay-progress.ts';
import { newReplay, type ReplayFilter } from '../../domain/replay/replay.ts';
import { searchAttributePairs } from '../../domain/search-attributes.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import {
  type ReplayClassificationsInput,
  replayClassificationsType,
} from '../../workflows/replay-classifications.messages.ts';

/** What a replay does per second when nobody says otherwise. */
export const defaultRunsPerSecond = 20;

export interface StartReplayOptions {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  /** 1 to 128 letters, digits and `. _ : -`; a second request with it starts nothing. */
  readonly requestId: string;
  readonly filter: ReplayFilter;
  readonly dryRun: boolean;
  /** A person's words, at most 1000 characters. */
  readonly reason: string;
  /** A whole number from 1 to 200. */
  readonly runsPerSecond?: number;
  readonly historyLimit?: number;
}

export interface StartedReplay {
  readonly workflowId: string;
  readonly runId: string;
  /** Whether this request started it. */
  readonly started: boolean;
}

/**
 * Starts a replay, once per request id: asked again, also after its end, it answers with the run there is. Check the filter
 * with `checkReplayFilter` before. Throws what the Temporal client throws when the server can't be reached.
 */
export async function startReplay({ workflow, ...request }: StartReplayOptions): Promise<StartedReplay> {
  const { cluster, requestId, filter, dryRun, reason, runsPerSecond = defaultRunsPerSecond, historyLimit } = request;
  const requestedAt = new Date().toISOString();
  const workflowId = replayWorkflowId(cluster, requestId);
  const input: ReplayClassificationsInput = {
    cluster,
    requestId,
    filter,
    dryRun,
    reason,
    requestedAt,
    runsPerSecond,
    ...(historyLimit === undefined ? {} : { historyLimit }),
  };
  const { counts } = newReplay(requestedAt);
  try {
    const { firstExecutionRunId: runId } = await workflow.start(replayClassificationsType, {
      workflowId,
      taskQueue: taskQueues.pods,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      staticSummary: `${dryRun ? 'Dry run of a replay' : 'Replay'}: ${describeFilter(filter)}`.slice(0, 200),
      typedSearchAttributes: searchAttributePairs(replayAttributes({ cluster, state: 'running', dryRun, counts })),
    });
    return { workflowId, runId, started: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { runId } = await workflow.getHandle(workflowId).describe();
    return { workflowId, runId, started: false };
  }
}
