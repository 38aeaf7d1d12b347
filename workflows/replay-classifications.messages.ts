import { defineQuery } from '@temporalio/workflow';
import type { ReclassifyOutcome } from '../domain/pods/run/reclassification.ts';

/** Tries again what could not be classified, run by run; one run per request. */
export const replayClassificationsType = 'replayClassifications';

/** Which pod runs a replay takes; everything given must fit. */
export interface ReplayFilter {
  /** `failed` (runs with failed classifications, open and closed) or `all` (also runs without: are they judged otherwise now?). */
  readonly select: 'failed' | 'all';
  readonly namespace?: string;
  readonly pod?: string;
  /** `<kind>/<name>` */
  readonly owner?: string;
  /** Primary cause of the last incident. */
  readonly cause?: string;
  /** Runs with a classification that this user rule made fail. */
  readonly rule?: string;
  /** RFC 3339: runs started at or after `from`, before `to`. */
  readonly from?: string;
  readonly to?: string;
}

export interface ReplayClassificationsInput {
  readonly cluster: string;
  /** Part of this run's id, and of the id of every update it sends: nothing is tried twice. */
  readonly requestId: string;
  readonly filter: ReplayFilter;
  /** Only tells what would change: no run is touched. */
  readonly dryRun: boolean;
  /** A person's words, kept in what it changes. */
  readonly reason: string;
  /** RFC 3339; runs started later are not looked at. */
  readonly requestedAt: string;
  readonly runsPerSecond: number;
  readonly historyLimit?: number;
  /** Carried over by continue-as-new. */
  readonly carried?: ReplayState;
}

/** `already-fixed`: an earlier replay did. `gone`: closed without anything to try. `error`: could not be asked; the reason says why. */
export type ReplayedOutcome = ReclassifyOutcome | 'already-fixed' | 'gone' | 'error';

/** What became of one run. */
export interface ReplayedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: ReplayedOutcome;
  /** The verdict in short, before and after; absent where it is not known. */
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly rule?: string;
  readonly rulesVersion?: string;
}

export interface ReplayState {
  readonly counts: Readonly<Record<ReplayedOutcome, number>>;
  /** The newest, at most 500; `still-failing` and `error` are kept longest. */
  readonly runs: readonly ReplayedRun[];
  readonly runsDropped: number;
  /** Where the list of runs goes on; null before the first page. */
  readonly nextPageToken: string | null;
  readonly pages: number;
}

/** How far a replay is, and in the end what it did. */
export interface ReplayProgress extends Omit<ReplayState, 'nextPageToken'> {
  readonly state: 'running' | 'completed' | 'cancelled';
  readonly dryRun: boolean;
  readonly filter: ReplayFilter;
  readonly reason: string;
  readonly requestedAt: string;
  /** Runs tried so far. */
  readonly tried: number;
}

export type ReplayClassificationsResult = ReplayProgress;

export const replayProgressQuery = defineQuery<ReplayProgress>('replayProgress');
