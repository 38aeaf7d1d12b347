import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';

const pollMs = 100;

/**
 * Waits until so many runs whose ids begin with `prefix` have completed, by the server's own count, which costs both ways
 * the same. Throws when one ended otherwise, and the signal's reason when it is aborted.
 */
export async function untilCompleted({
  workflow,
  prefix,
  count,
  signal,
}: {
  readonly workflow: WorkflowClient;
  readonly prefix: string;
  readonly count: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const query = `WorkflowId STARTS_WITH '${prefix}'`;
  for (;;) {
    signal.throwIfAborted();
    const completed = await workflow.count(`${query} AND ExecutionStatus = 'Completed'`);
    if (completed.count >= count) return;
    const others = await workflow.count(`${query} AND ExecutionStatus != 'Completed' AND ExecutionStatus != 'Running'`);
    if (others.count > 0) throw new Error(`${others.count} runs of ${prefix}… did not complete.`);
    await sleep(pollMs);
  }
}
