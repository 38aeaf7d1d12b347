import { replayWorkflowId } from '../../domain/names.ts';
import { describeFilter } from '../../domain/replay/details/describe-filter.ts';
import { replayAttributes } from '../../domain/replay/replay-progress.ts';
import { newReplay } from '../../domain/replay/replay.ts';
import { type AttributePair, searchAttributePairs } from '../../domain/search-attributes.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import type { ReplayClassificationsInput } from '../../workflows/replay-classifications.messages.ts';

/** What a replay does per second when nobody says otherwise. */
export const defaultRunsPerSecond = 20;

export interface ReplayPlan {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly staticSummary: string;
  readonly typedSearchAttributes: AttributePair[];
}

/** How a replay is started: its id, and what the Temporal UI shows from the first moment. */
export function planReplay({
  cluster,
  requestId,
  filter,
  dryRun,
  requestedAt,
}: ReplayClassificationsInput): ReplayPlan {
  const { counts } = newReplay(requestedAt);
  return {
    workflowId: replayWorkflowId(cluster, requestId),
    taskQueue: taskQueues.pods,
    staticSummary: `${dryRun ? 'Dry run of a replay' : 'Replay'}: ${describeFilter(filter)}`.slice(0, 200),
    typedSearchAttributes: searchAttributePairs(replayAttributes({ cluster, state: 'running', dryRun, counts })),
  };
}
