import { isObserved } from '../../pod-change.ts';
import { dropOldest, withNews } from '../pod-run-record.ts';
import {
  type AnsweredRequest,
  answeredLimits,
  type FailedClassification,
  failureLimits,
  type PodRunState,
  timelineLimits,
  type TimelineEntry,
} from '../pod-run.ts';
import type { ReclassifyOutput } from '../reclassification.ts';
import { newestFailuresStart } from './newest-failures.ts';

/**
 * Takes the outcome of a reclassification into the state it was made from. Operations were counted when their
 * classification failed, so they are not counted again. What still fails keeps its place, with the new reason.
 */
export function recordReclassified(state: PodRunState, output: ReclassifyOutput, now: string): PodRunState {
  const newestStart = newestFailuresStart(state);
  let next = state;
  const failures: FailedClassification[] = [];
  const entries: TimelineEntry[] = [];
  for (const [index, failure] of state.failures.entries()) {
    const { changes } = failure;
    const tried = output.retried[index];
    next = { ...next, retried: next.retried + changes.length };
    if (tried?.fixed !== true) {
      // What was fixed before it came before it, so the next try has to start from there.
      const { snapshot: previous, deletion } = index >= newestStart ? next : { ...failure, snapshot: failure.previous };
      const { reason, rule } = tried ?? failure;
      const why = { reason, ...(rule === undefined ? {} : { rule }) };
      const superseded = failure.superseded ? ({ superseded: true } as const) : {};
      failures.push({ failedAt: failure.failedAt, ...why, ...superseded, previous, deletion, changes });
      continue;
    }
    const { batch, advances } = tried;
    entries.push(...batch.entries);
    next = {
      ...next,
      ...withNews(next, changes, batch.entries),
      failed: next.failed - changes.length,
      classified: next.classified + changes.length,
    };
    if (!advances) continue;
    const snapshot = changes.findLast(isObserved)?.snapshot ?? next.snapshot;
    next = { ...next, snapshot, deletion: batch.deletion, verdict: batch.verdict ?? next.verdict };
  }
  const { review } = output;
  if (review !== null) {
    entries.push(...review.entries);
    next = { ...next, ...withNews(next, [], review.entries), verdict: review.verdict ?? next.verdict };
  }
  const timeline = dropOldest(insertByTime(state.timeline, entries), timelineLimits);
  const kept = dropOldest(failures, failureLimits);
  return {
    ...next,
    judgedAt: now,
    timeline: timeline.kept,
    timelineDropped: state.timelineDropped + timeline.dropped,
    failures: kept.kept,
    failuresDropped: state.failuresDropped + kept.dropped,
  };
}

/** Keeps an answer, so that its request is not worked on again when it is delivered again. */
export function rememberAnswer(state: PodRunState, answer: AnsweredRequest): PodRunState {
  return { ...state, answered: dropOldest([...state.answered, answer], answeredLimits).kept };
}

/** Each new entry goes after the last one that was not observed later, so those that are there keep their order. */
function insertByTime(timeline: readonly TimelineEntry[], entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const inserted = [...timeline];
  for (const entry of entries) {
    const observedMs = Date.parse(entry.observedAt);
    const before = inserted.findLastIndex(({ observedAt }) => Date.parse(observedAt) <= observedMs);
    inserted.splice(before + 1, 0, entry);
  }
  return inserted;
}
