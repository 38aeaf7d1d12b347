import type { DeletionSeen } from './classification.ts';
import { isObserved, type PodChange } from './pod-change.ts';
import {
  type FailedClassification,
  failureLimits,
  type PodRunState,
  timelineLimits,
  type TimelineEntry,
} from './pod-run.ts';
import { type Severity, severities, type Verdict } from './verdict/types.ts';

/** What one classification of a batch brought. */
export interface ClassifiedBatch {
  readonly entries: readonly TimelineEntry[];
  /** The verdict after the last change; null only when nothing was ever observed. */
  readonly verdict: Verdict | null;
  readonly deletion: DeletionSeen | null;
}

/** Takes the outcome of a batch into the state. `changes` is empty for a review (time passed, nothing changed). */
export function recordClassified(
  state: PodRunState,
  changes: readonly PodChange[],
  { entries, verdict, deletion }: ClassifiedBatch,
): PodRunState {
  const counted = countOperations(state, changes);
  const timeline = dropOldest([...state.timeline, ...entries], timelineLimits);
  return {
    ...counted,
    ...lastSnapshot(state, changes),
    verdict: verdict ?? state.verdict,
    deletion,
    worstSeverity: entries.reduce<Severity | null>(
      (worst, { severity }) => worse(worst, severity),
      state.worstSeverity,
    ),
    primaryCauses: withNewCauses(state, entries),
    classified: state.classified + changes.length,
    timeline: timeline.kept,
    timelineDropped: state.timelineDropped + timeline.dropped,
  };
}

/** Keeps a batch that could not be classified, with its input, so that a replay can try it again. */
export function recordFailed(
  state: PodRunState,
  changes: readonly PodChange[],
  failure: Pick<FailedClassification, 'failedAt' | 'reason'>,
): PodRunState {
  const failed: FailedClassification = {
    failedAt: failure.failedAt,
    reason: failure.reason.slice(0, 1024),
    previous: state.snapshot,
    deletion: state.deletion,
    changes,
  };
  const failures = dropOldest([...state.failures, failed], failureLimits);
  return {
    ...countOperations(state, changes),
    ...lastSnapshot(state, changes),
    failed: state.failed + changes.length,
    failures: failures.kept,
    failuresDropped: state.failuresDropped + failures.dropped,
  };
}

function countOperations(state: PodRunState, changes: readonly PodChange[]): PodRunState {
  const operations = { ...state.operations };
  let { restarts } = state;
  for (const change of changes) {
    if (change.operation !== 'leftScope') operations[change.operation] += 1;
    if (isObserved(change)) {
      const sum = change.snapshot.containers.reduce((total, { status }) => total + (status?.restartCount ?? 0), 0);
      restarts = Math.max(restarts, sum);
    }
  }
  return { ...state, operations, restarts };
}

function lastSnapshot(state: PodRunState, changes: readonly PodChange[]): Pick<PodRunState, 'snapshot'> {
  return { snapshot: changes.findLast(isObserved)?.snapshot ?? state.snapshot };
}

function withNewCauses(state: PodRunState, entries: readonly TimelineEntry[]): PodRunState['primaryCauses'] {
  const causes = new Set(state.primaryCauses);
  for (const { primary } of entries) if (primary !== null) causes.add(primary);
  return [...causes];
}

function worse(a: Severity | null, b: Severity | null): Severity | null {
  if (a === null || b === null) return a ?? b;
  return severities.indexOf(a) <= severities.indexOf(b) ? a : b;
}

function dropOldest<T>(items: readonly T[], limits: { readonly count: number; readonly bytes: number }) {
  let bytes = 0;
  let kept = 0;
  for (let index = items.length - 1; index >= 0 && kept < limits.count; index -= 1) {
    bytes += JSON.stringify(items[index]).length;
    if (bytes > limits.bytes) break;
    kept += 1;
  }
  return { kept: items.slice(items.length - kept), dropped: items.length - kept };
}
