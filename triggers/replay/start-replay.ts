import { type WorkflowClient, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import type { ReplayFilter } from '../../domain/replay/replay.ts';
import {
  type ReplayClassificationsInput,
  replayClassificationsType,
} from '../../workflows/replay-classifications.messages.ts';
import { defaultRunsPerSecond, planReplay } from './plan-replay.ts';

export interface StartReplayOptions {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  /** 1 to 128 letters, digits and `. _ : ~ -`; a second request with it starts nothing. */
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
  const { runsPerSecond = defaultRunsPerSecond, historyLimit, ...asked } = request;
  const input: ReplayClassificationsInput = {
    ...asked,
    requestedAt: new Date().toISOString(),
    runsPerSecond,
    ...(historyLimit === undefined ? {} : { historyLimit }),
  };
  const plan = planReplay(input);
  const { workflowId } = plan;
  try {
    const { firstExecutionRunId: runId } = await workflow.start(replayClassificationsType, {
      ...plan,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
    });
    return { workflowId, runId, started: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { runId } = await workflow.getHandle(workflowId).describe();
    return { workflowId, runId, started: false };
  }
}
