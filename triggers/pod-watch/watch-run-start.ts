import { watchWorkflowId } from '../../domain/names.ts';
import { type AttributePair, searchAttributePairs } from '../../domain/search-attributes.ts';
import { taskQueues } from '../../domain/task-queues.ts';

export interface WatchRunStart {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly staticSummary: string;
  readonly typedSearchAttributes: AttributePair[];
}

/** How the run of a watch is started: its id, and what the Temporal UI shows from the first moment. */
export function watchRunStart(cluster: string, scopeName: string): WatchRunStart {
  return {
    workflowId: watchWorkflowId(cluster, scopeName),
    taskQueue: taskQueues.pods,
    staticSummary: `Pod watch ${scopeName} of cluster ${cluster}`,
    typedSearchAttributes: searchAttributePairs({ cluster, state: 'watching', tags: ['watch'] }),
  };
}
