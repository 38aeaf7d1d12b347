import type { DeletionSeen } from '../classification.ts';
import { isObserved, type PodChange, type PodOperation } from '../pod-change.ts';
import {
  type FailedClassification,
  failureLimits,
  type PodRunState,
  timelineLimits,
  type TimelineEntry,
} from './pod-run.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import { jsonBytes } from '../snapshot/json-bytes.ts';
import { type Severity, severities, type Verdict } from '../verdict/types.ts';

/** What one classification of a batch brought. */
export interface ClassifiedBatch {
  readonly entries: readonly TimelineEntry[];
  /** The verdict after the last change; null only when nothing was ever observed. */
  readonly verdict: Verdict | null;
  readonly deletion: DeletionSeen | null;
}

/**
 * Takes the outcome of a batch into the state. `changes` is empty for a review (time passed, nothing changed), which is as
 * of `now`; changes are judged as of when they were observed.
 */
export function recordClassified(
  state: PodRunState,
  changes: readonly PodChange[],
  { entries, verdict, deletion }: ClassifiedBatch,
  now: string,
): PodRunState {
  const timeline = dropOldest([...state.timeline, ...entries], timelineLimits);
  return {
    ...state,
    ...withNews(state, changes, entries),
    operations: countOperations(state, changes),
    snapshot: changes.findLast(isObserved)?.snapshot ?? state.snapshot,
    verdict: verdict ?? state.verdict,
    judgedAt: changes.at(-1)?.observedAt ?? now,
    deletion,
    classified: state.classified + changes.length,
    timeline: timeline.kept,
    timelineDropped: state.timelineDropped + timeline.dropped,
    ...(changes.some(isObserved) ? { failures: state.failures.map(supersede) } : {}),
  };
}

/**
 * Keeps a batch that could not be classified, with its input. Nothing else is taken
 * from it: it may be malformed, and what it proves is proven again by the next change, judged against the last snapshot
 * that was classified.
 */
export function recordFailed(
  state: PodRunState,
  changes: readonly PodChange[],
  failure: Pick<FailedClassification, 'failedAt' | 'reason' | 'rule'>,
): PodRunState {
  const failed: FailedClassification = {
    failedAt: failure.failedAt,
    reason: failure.reason.slice(0, 1024),
    ...(failure.rule === undefined ? {} : { rule: failure.rule }),
    previous: state.snapshot,
    deletion: state.deletion,
    changes,
  };
  const failures = dropOldest([...state.failures, failed], failureLimits);
  return {
    ...state,
    operations: countOperations(state, changes),
    judgedAt: failure.failedAt,
    failed: state.failed + changes.length,
    failures: failures.kept,
    failuresDropped: state.failuresDropped + failures.dropped,
  };
}

/** What changes and their classifications, whenever they were made, add to the totals that only ever grow. */
export function withNews(
  state: PodRunState,
  changes: readonly PodChange[],
  entries: readonly TimelineEntry[],
): Pick<PodRunState, 'restarts' | 'worstSeverity' | 'primaryCauses'> {
  return {
    restarts: changes
      .filter(isObserved)
      .reduce((most, { snapshot }) => Math.max(most, restartsOf(snapshot)), state.restarts),
    worstSeverity: entries.reduce<Severity | null>(
      (worst, { severity }) => worse(worst, severity),
      state.worstSeverity,
    ),
    primaryCauses: withNewCauses(state, entries),
  };
}

function countOperations({ operations }: PodRunState, changes: readonly PodChange[]): PodRunState['operations'] {
  const counts = { ...operations };
  // A malformed change may name an operation there is none of.
  for (const { operation } of changes) if (operation in counts) counts[operation as PodOperation] += 1;
  return counts;
}

function restartsOf({ containers }: PodSnapshot): number {
  return containers.reduce((total, { status }) => total + (status?.restartCount ?? 0), 0);
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

/** The newest items within the limits (bytes of JSON), and how many that leaves out. */
export function dropOldest<T>(
  items: readonly T[],
  limits: { readonly count: number; readonly bytes: number },
): { readonly kept: readonly T[]; readonly dropped: number } {
  let bytes = 0;
  let kept = 0;
  for (let index = items.length - 1; index >= 0 && kept < limits.count; index -= 1) {
    bytes += jsonBytes(items[index]);
    if (bytes > limits.bytes) break;
    kept += 1;
  }
  return { kept: items.slice(items.length - kept), dropped: items.length - kept };
}

/** By comparing snapshots alone nobody could tell: a pod may come back to how it was before the failure. */
function supersede(failure: FailedClassification): FailedClassification {
  return failure.superseded ? failure : { ...failure, superseded: true };
}
