import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  rootCause,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ReplayActivities } from '../../activities/replay/index.ts';
import { parsePodWorkflowId, reclassifyWorkflowId } from '../../domain/names.ts';
import { lostAnswer } from '../../domain/replay/lost-answer.ts';
import { closedResult } from '../../domain/replay/reclassify-closed.ts';
import type { HeardRun } from '../../domain/replay/record-run.ts';
import type { FoundRun, TryAnswer } from '../../domain/replay/replay.ts';
import { replayingState } from '../../domain/replay/replay-progress.ts';
import { replayedRun } from '../../domain/replay/replayed-run.ts';
import { searchAttributePairs } from '../../domain/search-attributes.ts';
import type { ReplayClassificationsInput } from '../replay-classifications.messages.ts';
import type { reclassify } from '../reclassify.ts';
import { reclassifyType } from '../reclassify.messages.ts';

type Asked = Pick<ReplayClassificationsInput, 'cluster' | 'requestId' | 'reason' | 'dryRun'> & {
  /** RFC 3339. */
  readonly startedAt: string;
};

const activities = proxyActivities<ReplayActivities>({
  startToCloseTimeout: '30s',
  // A killed worker's tries are made again by another one after this long.
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: 5 },
});

/**
 * Tries one run again, or only tells what that would bring. Undefined when this replay tried it before and nothing is known of
 * the result. Whatever is in the way ends as the outcome `error`: one run never stops a replay.
 */
export async function tryRun(asked: Asked, run: FoundRun): Promise<HeardRun | undefined> {
  const heard = (answer: TryAnswer, repeated = false): HeardRun => ({ run: replayedRun(run, answer), repeated });
  try {
    if (run.endedFromOutside !== undefined) return heard(lostAnswer(run.endedFromOutside));
    if (asked.dryRun) return heard(await activities.previewReclassification({ ...run, cluster: asked.cluster }));
    if (run.open) return heard(await tryOpen(asked, run));
    if (!run.failed) return heard({ kind: 'gone', reason: 'the run did not end because of a classification' });
    const earlier = await findEarlier(asked, run);
    if (earlier.kind === 'none') return heard(await tryClosed(asked, run));
    const { result } = earlier;
    return result === null ? undefined : heard({ kind: 'tried', result }, true);
  } catch (error) {
    if (!(error instanceof ActivityFailure) && !(error instanceof ChildWorkflowFailure)) throw error;
    return heard({ kind: 'refused', reason: rootCause(error) ?? 'unknown reason' });
  }
}

async function tryOpen(asked: Asked, run: FoundRun): Promise<TryAnswer> {
  const { cluster, requestId, reason } = asked;
  const answer = await activities.reclassifyOpenRun({ cluster, workflowId: run.workflowId, requestId, reason });
  return answer.kind === 'closed' ? await tryClosed(asked, { ...run, runId: answer.runId }) : answer;
}

/** A run that closes while a replay goes on moves to a later page of the list, and is met again. */
async function findEarlier({ cluster, requestId, startedAt }: Asked, { workflowId, closedAt }: FoundRun) {
  if (closedAt !== null && closedAt < startedAt) return { kind: 'none' } as const;
  return await activities.findEarlierTry({ cluster, requestId, workflowId });
}

/** A pod has one reclassification that completes, ever. */
async function tryClosed(asked: Asked, run: FoundRun): Promise<TryAnswer> {
  const { cluster, requestId, reason } = asked;
  const { workflowId, runId } = run;
  const pod = parsePodWorkflowId(cluster, workflowId);
  if (pod === undefined) return { kind: 'refused', reason: 'its id is not that of a pod run of this cluster' };
  try {
    const done = await executeChild<typeof reclassify>(reclassifyType, {
      workflowId: reclassifyWorkflowId(cluster, pod.uid),
      args: [{ cluster, workflowId, runId, requestId, reason }],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      // A replay that is cancelled waits for it; one that is terminated leaves nothing behind that still runs.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Pod ${pod.namespace}/${pod.name}, tried again`,
      typedSearchAttributes: searchAttributePairs({
        cluster,
        namespace: pod.namespace,
        pod: pod.name,
        ...(run.owner === '' ? {} : { owner: run.owner }),
        state: replayingState,
        tags: ['reclassify'],
      }),
    });
    return { kind: 'tried', result: closedResult(done) };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      return await activities.findRival({ cluster, workflowId });
    const answer = error instanceof ChildWorkflowFailure ? childAnswer(error) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
}

/** What a reclassification that failed says of its pod; undefined when it failed for a reason of its own. */
function childAnswer(failure: ChildWorkflowFailure): TryAnswer | undefined {
  let cause: Error | undefined = failure.cause;
  while (cause instanceof ActivityFailure) ({ cause } = cause);
  if (!(cause instanceof ApplicationFailure)) return undefined;
  if (cause.type === 'not_found') return { kind: 'gone', reason: cause.message };
  if (cause.type !== 'classification_failed') return undefined;
  const [result] = (cause.details ?? []) as readonly (ReturnType<typeof closedResult> | undefined)[];
  return result === undefined ? undefined : { kind: 'tried', result };
}
