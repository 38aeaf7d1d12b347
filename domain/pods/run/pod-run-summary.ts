import type { PodOperation } from '../pod-change.ts';
import type { Cause, Severity } from '../verdict/types.ts';

/** The totals of one pod's run: part of its state while it lives, its result when it ends. */
export interface PodRunSummary {
  /** Changes taken in, by operation. Repeats and late ones are not in here. */
  readonly operations: Readonly<Record<PodOperation, number>>;
  /** The highest sum of restart counts seen. */
  readonly restarts: number;
  readonly worstSeverity: Severity | null;
  /** Every primary cause the pod ever had, in the order they first appeared. */
  readonly primaryCauses: readonly Cause[];
  /** Changes classified. */
  readonly classified: number;
  /** Changes that could not be classified. */
  readonly failed: number;
}

/** Picks the totals out of a larger state. */
export function summarize(state: PodRunSummary): PodRunSummary {
  const { operations, restarts, worstSeverity, primaryCauses, classified, failed } = state;
  return { operations, restarts, worstSeverity, primaryCauses, classified, failed };
}
