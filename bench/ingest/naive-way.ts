import type { WorkflowClient } from '@temporalio/client';
import { taskQueues } from '../../domain/task-queues.ts';
import type { classifyNaively } from './naive-workflow.ts';
import type { PodLife } from './lives.ts';

/** Starts a workflow for every change of the lives, `concurrency` starts in flight; their ids begin with `prefix`. */
export async function liveNaively({
  workflow,
  prefix,
  lives,
  concurrency,
}: {
  readonly workflow: WorkflowClient;
  readonly prefix: string;
  readonly lives: readonly PodLife[];
  readonly concurrency: number;
}): Promise<void> {
  const waiting = lives.flatMap(({ phases }) => phases.flat()).values();
  const startNext = async (): Promise<void> => {
    // All of them take from the same iterator.
    for (const change of waiting) {
      const { uid, version } = change.snapshot;
      await workflow.start<typeof classifyNaively>('classifyNaively', {
        workflowId: `${prefix}${uid}/${version}`,
        taskQueue: taskQueues.pods,
        args: [change],
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, startNext));
}
