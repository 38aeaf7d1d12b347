import type { DeletionSeen } from '../classification.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Verdict } from '../verdict/types.ts';
import type { ClassifiedBatch } from './pod-run-record.ts';
import type { FailedClassification, TimelineEntry } from './pod-run.ts';

/** Everything a second try at a run's failures, and a new look at its verdict, needs. */
export interface ReclassifyInput {
  /** Oldest first. */
  readonly failures: readonly FailedClassification[];
  /** The run's last classified snapshot, with its deletion and verdict. */
  readonly snapshot: PodSnapshot | null;
  readonly deletion: DeletionSeen | null;
  readonly verdict: Verdict | null;
  /** The newest entry of the timeline: the tags and the team of `verdict`. Null when there is none, or it isn't known. */
  readonly latest: TimelineEntry | null;
  /** The pod is gone: what it was judged at its end stands, so there is no review. */
  readonly gone: boolean;
  /** The number of the first classification made now. */
  readonly attempt: number;
  /** RFC 3339. */
  readonly now: string;
}

/** Why something could not be classified, and the user rule that made it fail. */
export interface WhyFailed {
  /** At most 1024 characters. */
  readonly reason: string;
  readonly rule?: string;
}

/** What became of one failure, in the order of `failures`. */
export type RetriedFailure =
  | {
      readonly fixed: true;
      readonly batch: ClassifiedBatch;
      /** Nothing newer was classified since: its snapshot and verdict become the run's. */
      readonly advances: boolean;
    }
  | ({ readonly fixed: false } & WhyFailed);

export interface ReclassifyOutput {
  readonly retried: readonly RetriedFailure[];
  /**
   * The newest snapshot judged again by the present rules: `entries` is empty when nothing a person would notice changed.
   * Null when there is no snapshot, when the pod is gone, or when the judging itself failed.
   */
  readonly review: ClassifiedBatch | null;
  /** Why the judging itself failed; absent when it did not. */
  readonly reviewFailure?: WhyFailed;
  readonly rulesVersion: string;
}

/** `changed` and `unchanged` are of runs without failures. */
export type ReclassifyOutcome = 'fixed' | 'still-failing' | 'changed' | 'unchanged';

/** What a replay tells of one run. */
export interface ReclassifyResult {
  readonly outcome: ReclassifyOutcome;
  /** Changes classified now that could not be before. */
  readonly fixed: number;
  /** Changes that still can't be classified. */
  readonly failing: number;
  /** The verdict before and after, in short: `Degraded, OOMKilled, high`; `none` where there is none. */
  readonly from: string;
  readonly to: string;
  /** Of the last failure, and the rule that made it; of the new look at the verdict when only that failed. */
  readonly reason?: string;
  readonly rule?: string;
  readonly rulesVersion: string;
}
