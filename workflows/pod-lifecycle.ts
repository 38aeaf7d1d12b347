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
  setCurrentDetails,
  setHandler,
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
import { hasFailures, newPodRun, nextAttempt, type PodRunState } from '../domain/pods/run/pod-run.ts';
import { recordReclassified, rememberAnswer } from '../domain/pods/run/reclassify/record-reclassified.ts';
import { reclassifyInputs } from '../domain/pods/run/reclassify/reclassify-inputs.ts';
import { reclassifyResult } from '../domain/pods/run/reclassify/describe-reclassified.ts';
import { type SearchAttributeValues, searchAttributePairs } from '../domain/search-attributes.ts';
import { historyIsLong } from './history-limit.ts';
import {
  type PodChangeBatch,
  podChangesSignal,
  type PodLifecycleInput,
  type PodLifecycleResult,
  podStateQuery,
  podTimelineQuery,
  reclassifyInputsQuery,
} from './pod-lifecycle.messages.ts';
import { isBatch } from './pods/is-batch.ts';
import { reclassificationFailed, takeReclassifyRequests, type WaitingRequest } from './pods/reclassify-requests.ts';
import { whyFailed } from './pods/why-failed.ts';
import { createSingleTimer } from './single-timer.ts';

/** A bigger queue is worked off before a continue-as-new, whose input has to stay at about 512 KB. */
const maxCarriedQueueBytes = 64 * 1024;

/**
 * The durable life of one pod, from its first appearance to its end: every change classified once, in order.
 * Ends with the totals when the pod is gone. When something could not be classified it stays open for the retention, can be
 * looked at and tried again, and ends when all of it is mended; else it fails with `ClassificationFailed` carrying the inputs.
 */
export async function podLifecycle(input: PodLifecycleInput): Promise<PodLifecycleResult> {
  // What an older release carried over lacks what it did not know.
  let state: PodRunState = { ...newPodRun(), ...input.carried?.state };
  let shown: SearchAttributeValues = input.carried?.shown ?? { state: startState };
  let heardMs = Date.now();
  let retainedUntilMs: number | undefined;
  /** In the order it arrived; one loop works it off, so two things never happen to the state at once. */
  const work: ({ readonly batch: PodChangeBatch } | WaitingRequest)[] = [];
  for (const batch of input.carried?.queue ?? []) work.push({ batch });
  const timer = createSingleTimer();
  const retention = createSingleTimer();
  const idleMs = input.idleCheckSeconds * 1000 * (0.75 + Math.random() / 2);

  setHandler(podChangesSignal, (batch) => {
    if (isBatch(batch)) work.push({ batch });
    else log.error('a podChanges signal that is no batch of changes was ignored');
  });
  const requests = takeReclassifyRequests((waiting) => work.push(waiting));
  setHandler(podStateQuery, () => ({
    ...summarize(state),
    pod: input.pod,
    gone: state.gone,
    snapshot: state.snapshot,
    verdict: state.verdict,
  }));
  setHandler(podTimelineQuery, () => ({ entries: state.timeline, dropped: state.timelineDropped }));
  setHandler(reclassifyInputsQuery, () => reclassifyInputs(state));

  // Continuing as new drops the summary and the details; the former can't be given again, the latter say the same.
  if (input.carried !== undefined) setCurrentDetails(renderPodDetails(state));

  const { findPod } = proxyActivities<PodActivities>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });
  // One attempt only: a retried local activity holds the pod's queue still.
  const classifying = (batches: number) =>
    proxyLocalActivities<PodActivities>({
      startToCloseTimeout: input.classificationTimeoutMs * batches,
      retry: { maximumAttempts: 1 },
    });

  const show = (options: { readonly tagsCount?: boolean } = {}): void => {
    setCurrentDetails(renderPodDetails(state));
    const attributes = nextPodAttributes(shown, state, options);
    if (attributes === undefined) return;
    shown = { ...shown, ...attributes };
    upsertSearchAttributes(searchAttributePairs(attributes));
  };

  const classify = async (changes: readonly PodChange[]): Promise<void> => {
    const now = new Date(Date.now()).toISOString();
    try {
      const outcome = await classifying(1).classifyPod({
        changes,
        previous: state.snapshot,
        deletion: state.deletion,
        current: state.verdict,
        attempt: nextAttempt(state),
        now,
      });
      state = recordClassified(state, changes, outcome, now);
    } catch (error) {
      if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
      const why = whyFailed(error);
      if (changes.length > 0) state = recordFailed(state, changes, { failedAt: now, ...why });
      else {
        // No input to keep: the verdict stays as it is until the next change or the end of the next window.
        log.warn('the review of a verdict failed', why);
        state = { ...state, judgedAt: now };
      }
    }
    show();
  };

  const reclassify = async ({ request, answer, refuse }: WaitingRequest): Promise<void> => {
    const known = state.answered.find(({ requestId }) => requestId === request.requestId);
    if (known !== undefined) {
      answer(known.result);
      return;
    }
    const now = new Date(Date.now()).toISOString();
    try {
      const inputs = reclassifyInputs(state);
      const output = await classifying(state.failures.length + 1).reclassifyPod({ ...inputs, now });
      const result = reclassifyResult(inputs, output);
      state = rememberAnswer(recordReclassified(state, output, now), { ...request, answeredAt: now, result });
      answer(result);
      show({ tagsCount: result.outcome === 'changed' });
    } catch (error) {
      if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
      refuse(reclassificationFailed(error));
    }
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
    work.push({ batch: { epoch: state.epoch, changes: [change] } });
  };

  const isDue = (): boolean => state.gone && work.length === 0 && (!hasFailures(state) || retention.hasFired());
  // Nothing may be awaited between the last time this says so and the return: what is taken in then would be lost.
  const isOver = (): boolean => isDue() && allHandlersFinished();

  /**
   * Until there is work, or time is up. Not async: one more turn of the microtask queue, and a signal that was just taken in
   * counts as finished where released histories have it unfinished.
   */
  const rest = (): Promise<void> => {
    if (!state.gone) timer.arm(Math.min(heardMs + idleMs, nextReviewMs(state)));
    else if (hasFailures(state)) retention.arm((retainedUntilMs ??= Date.now() + input.failedRetentionSeconds * 1000));
    return condition(() => work.length > 0 || (state.gone ? isOver() : timer.hasFired()));
  };

  do {
    const next = work.shift();
    if (next === undefined) {
      if (!state.gone && timer.takeFired()) await review();
      else await rest();
    } else if (!('batch' in next)) {
      await reclassify(next);
    } else {
      heardMs = Date.now();
      const accepted = acceptBatch(state, next.batch);
      state = accepted.state;
      if (accepted.fresh.length > 0) await classify(accepted.fresh);
    }
    const isLong = !state.gone && historyIsLong(input.historyLimit);
    if (requests.haveAnswers() && (isLong || isDue()) && work.every((item) => 'batch' in item)) {
      await requests.deliverAnswers();
    }
    if (isLong && allHandlersFinished()) {
      // With every request answered, only batches are left.
      const queue = work.flatMap((item) => ('batch' in item ? item.batch : []));
      if (jsonBytes(queue) <= maxCarriedQueueBytes) {
        await continueAsNew<typeof podLifecycle>({ ...input, carried: { state, shown, queue } });
      }
    }
  } while (!isOver());

  if (!hasFailures(state)) return summarize(state);
  throw ApplicationFailure.create({
    type: 'ClassificationFailed',
    message: `${state.failed} changes of this pod could not be classified: ${state.failures.at(-1)?.reason ?? 'too big to be kept'}`,
    nonRetryable: true,
    details: [{ summary: summarize(state), failures: state.failures, dropped: state.failuresDropped }],
  });
}
