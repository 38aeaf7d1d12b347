import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { FindRunsInput, FoundRuns } from '../../../activities/replay/find-runs-to-replay.ts';
import { replayWorkflowId } from '../../../domain/names.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import { replayClassificationsType } from '../../../workflows/replay-classifications.messages.ts';
import type { replayClassifications } from '../../../workflows/replay-classifications.ts';
import { quickSettings } from './pod-runs.ts';
import type { WorkflowServers } from './workflow-servers.ts';

interface Page {
  readonly input: FindRunsInput;
  /** Ends the page, without runs; null makes it the last one. */
  returns(nextPageToken: string | null): void;
}

/** Stands for the search for runs: each page waits until the test ends it, so that a replay takes as long as a test wants. */
export function scriptedReplay() {
  const asked: Page[] = [];
  const waiting: ((page: Page) => void)[] = [];
  const findRunsToReplay = async (input: FindRunsInput): Promise<FoundRuns> => {
    const context = Context.current();
    const beating = setInterval(() => context.heartbeat(), 1000);
    try {
      return await new Promise((resolve) => {
        const page: Page = { input, returns: (nextPageToken) => resolve({ runs: [], nextPageToken }) };
        const receiver = waiting.shift();
        if (receiver === undefined) asked.push(page);
        else receiver(page);
      });
    } finally {
      clearInterval(beating);
    }
  };
  return {
    activities: { findRunsToReplay },
    /** The next page that was asked for and not handed out yet. */
    next: (): Promise<Page> => {
      const page = asked.shift();
      return page === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(page);
    },
  };
}

export async function startReplayRun({
  client,
}: Pick<WorkflowServers, 'client'>): Promise<WorkflowHandle<typeof replayClassifications>> {
  const requestId = randomUUID();
  const { cluster } = quickSettings;
  return await client.workflow.start<typeof replayClassifications>(replayClassificationsType, {
    workflowId: replayWorkflowId(cluster, requestId),
    taskQueue: taskQueues.pods,
    args: [
      {
        cluster,
        requestId,
        filter: { select: 'failed' },
        dryRun: true,
        reason: 'a test',
        requestedAt: new Date().toISOString(),
        runsPerSecond: 20,
      },
    ],
  });
}
