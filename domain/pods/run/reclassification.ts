import type { DeletionSeen } from '../classification.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Verdict } from '../verdict/types.ts';
import type { ClassifiedBatch } from './pod-run-record.ts';
import type { FailedClassification, TimelineEntry } from './pod-run.ts';
import type { WhyFailed } from './reclassify/reclassify-result.ts';

// A file of their own, because the state of a run holds results, and this file imports the state.
export type { ReclassifyOutcome, ReclassifyResult } from './reclassify/reclassify-result.ts';

/** Everything a second try at a run's failures, and a new look at its verdict, needs. */
export interface ReclassifyInput {
  /** Oldest first. */
  readonly failures: readonly FailedClassification[];
  /** Older ones that were not kept; 0 when left out (as an older release does). */
  readonly dropped?: number;
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
