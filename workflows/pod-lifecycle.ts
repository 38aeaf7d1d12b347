import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
  sleep,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { PodActivities } from '../activities/pods/index.ts';
import { jsonBytes } from '../domain/pods/snapshot/json-bytes.ts';
import type { PodChange } from '../domain/pods/pod-change.ts';
import { acceptBatch } from '../domain/pods/run/pod-run-accept.ts';
import { nextPodAttributes, startState } from '../domain/pods/run/pod-run-attributes.ts';
import { renderPodDetails } from '../domain/pods/run/pod-run-details.ts';
import { recordClassified, recordFailed } from '../domain/pods/run/pod-run-record.ts';
import { nextReviewMs } from '../domain/pods/run/pod-run-review.ts';
import { summarize } from '../domain/pods/run/pod-run-summary.ts';
import { hasFailures, newPodRun } from '../domain/pods/run/pod-run.ts';
import { type SearchAttributeValues, searchAttributePairs } from '../domain/search-attributes.ts';
import { historyIsLong } from './history-limit.ts';
import {
  type PodChangeBatch,
  podChangesSignal,
  type PodLifecycleInput,
  type PodLifecycleResult,
  podStateQuery,
  podTimelineQuery,
} from './pod-lifecycle.messages.ts';
import { createSingleTimer } from './single-timer.ts';

/** A bigger queue is worked off before a continue-as-new, whose input has to stay below 512 KB. */
const maxCarriedQueueBytes = 64 * 1024;

/**
 * The durable life of one pod, from its first appearance to its end: every change classified once, in order.
 * Ends with the totals when the pod is gone. When something could not be classified it stays open, and can be looked at,
 * for the retention, and then fails with `ClassificationFailed` carrying the inputs.
 */
export async function podLifecycle(input: PodLifecycleInput): Promise<PodLifecycleResult> {
  let state = input.carried?.state ?? newPodRun();
  let shown: SearchAttributeValues = input.carried?.shown ?? { state: startState };
  let heardMs = Date.now();
  const queue: PodChangeBatch[] = [...(input.carried?.queue ?? [])];
  const timer = createSingleTimer();
  const idleMs = input.idleCheckSeconds * 1000 * (0.75 + Math.random() / 2);

  setHandler(podChangesSignal, (batch) => {
    if (isBatch(batch)) queue.push(batch);
    else log.error('a podChanges signal that is no batch of changes was ignored');
  });
  setHandler(podStateQuery, () => ({
    ...summarize(state),
    pod: input.pod,
    gone: state.gone,
    snapshot: state.snapshot,
    verdict: state.verdict,
  }));
  setHandler(podTimelineQuery, () => ({ entries: state.timeline, dropped: state.timelineDropped }));

  // Continuing as new drops the summary and the details; the former can't be given again, the latter say the same.
  if (input.carried !== undefined) setCurrentDetails(renderPodDetails(state));

  // One attempt only: a retried local activity holds the pod's queue still.
  const { classifyPod } = proxyLocalActivities<PodActivities>({
    startToCloseTimeout: input.classificationTimeoutMs,
    retry: { maximumAttempts: 1 },
  });
  const { findPod } = proxyActivities<PodActivities>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });

  const classify = async (changes: readonly PodChange[]): Promise<void> => {
    const now = new Date(Date.now()).toISOString();
    try {
      const outcome = await classifyPod({
        changes,
        previous: state.snapshot,
        deletion: state.deletion,
        current: state.verdict,
        attempt: state.timelineDropped + state.timeline.length + state.failed + 1,
        now,
      });
      state = recordClassified(state, changes, outcome, now);
    } catch (error) {
      // Of a local activity the failure comes as it is, not within an ActivityFailure.
      if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
      const reason = rootCause(error) ?? 'unknown reason';
      if (changes.length > 0) state = recordFailed(state, changes, { failedAt: now, reason });
      else {
        // No input to keep: the verdict stays as it is until the next change or the end of the next window.
        log.warn('the review of a verdict failed', { reason });
        state = { ...state, judgedAt: now };
      }
    }
    setCurrentDetails(renderPodDetails(state));
    const attributes = nextPodAttributes(shown, state);
    if (attributes === undefined) return;
    shown = { ...shown, ...attributes };
    upsertSearchAttributes(searchAttributePairs(attributes));
  };

  /** Time passed without a change: the verdict may have grown older, or the pod may be gone without anyone telling. */
  const review = async (): Promise<void> => {
    if (Date.now() - heardMs < idleMs) {
      await classify([]);
      return;
    }
    heardMs = Date.now();
    try {
      if ((await findPod({ ...input.pod, cluster: input.cluster })) === 'present') return;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      return; // The API server is out of reach; the next idle check asks again.
    }
    const change = {
      operation: 'delete',
      inferred: true,
      observedAt: new Date(Date.now()).toISOString(),
      version: '',
    } as const;
    queue.push({ epoch: state.epoch, changes: [change] });
  };

  // Nothing may be awaited between the last look at the queue and the return: a signal taken in then would be lost.
  do {
    const batch = queue.shift();
    if (batch !== undefined) {
      heardMs = Date.now();
      const accepted = acceptBatch(state, batch);
      state = accepted.state;
      if (accepted.fresh.length > 0) await classify(accepted.fresh);
    } else if (timer.takeFired()) {
      await review();
    } else {
      timer.arm(Math.min(heardMs + idleMs, nextReviewMs(state)));
      await condition(() => queue.length > 0 || timer.hasFired());
    }
    if (
      !state.gone &&
      historyIsLong(input.historyLimit) &&
      jsonBytes(queue) <= maxCarriedQueueBytes &&
      allHandlersFinished()
    ) {
      await continueAsNew<typeof podLifecycle>({ ...input, carried: { state, shown, queue } });
    }
  } while (!state.gone || queue.length > 0);

  if (!hasFailures(state)) return summarize(state);
  await sleep(input.failedRetentionSeconds * 1000);
  throw ApplicationFailure.create({
    type: 'ClassificationFailed',
    message: `${state.failed} changes of this pod could not be classified: ${state.failures.at(-1)?.reason ?? 'too big to be kept'}`,
    nonRetryable: true,
    details: [{ summary: summarize(state), failures: state.failures, dropped: state.failuresDropped }],
  });
}

/** Anyone may send a signal; one of another shape would otherwise fail the run's task for ever. */
function isBatch(batch: unknown): boolean {
  const { changes, epoch } = (batch ?? {}) as { readonly changes?: unknown; readonly epoch?: unknown };
  if (!Array.isArray(changes) || typeof epoch !== 'number') return false;
  return changes.every((change) => typeof change === 'object' && change !== null);
}
