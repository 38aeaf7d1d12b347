import type { DeletionSeen } from '../classification.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Verdict } from '../verdict/types.ts';
import type { ClassifiedBatch } from './pod-run-record.ts';
import type { FailedClassification } from './pod-run.ts';

/** Everything a second try at a run's failures, and a new look at its verdict, needs. */
export interface ReclassifyInput {
  /** Oldest first. */
  readonly failures: readonly FailedClassification[];
  /** The run's last classified snapshot, with its deletion and verdict. */
  readonly snapshot: PodSnapshot | null;
  readonly deletion: DeletionSeen | null;
  readonly verdict: Verdict | null;
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
  | { readonly fixed: false; readonly reason: string; readonly rule?: string };

export interface ReclassifyOutput {
  readonly retried: readonly RetriedFailure[];
  /**
   * The newest snapshot judged again by the present rules: `entries` is empty when nothing a person would notice changed.
   * Null when there is no snapshot, or when the judging itself failed.
   */
  readonly review: ClassifiedBatch | null;
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
  /** Of the last failure, and the rule that made it. */
  readonly reason?: string;
  readonly rule?: string;
  readonly rulesVersion: string;
}
