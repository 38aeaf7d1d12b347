import type { ReclassifyOutcome } from '../pods/run/reclassification.ts';

/** Which pod runs a replay takes; everything given must fit. Checked by `checkReplayFilter`. */
export interface ReplayFilter {
  /** `failed` (runs with failed classifications, open and closed) or `all` (also open runs without: are they judged otherwise now?). */
  readonly select: 'failed' | 'all';
  readonly namespace?: string;
  readonly pod?: string;
  /** `<kind>/<name>` */
  readonly owner?: string;
  /** Primary cause of the last incident. */
  readonly cause?: string;
  /** Runs with a classification that this user rule made fail. */
  readonly rule?: string;
  /** RFC 3339: runs started at or after `from`, before `to`; one that continued as new started when it last did. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * `already-fixed`: an earlier replay did. `gone`: closed without anything to try. `lost`: ended from outside, so that what it
 * could not classify is not kept anywhere. `error`: could not be asked; the reason says why.
 */
export type ReplayedOutcome = ReclassifyOutcome | 'already-fixed' | 'gone' | 'lost' | 'error';

/** In the order a person wants to read them. */
export const replayedOutcomes = [
  'still-failing',
  'error',
  'lost',
  'changed',
  'fixed',
  'already-fixed',
  'unchanged',
  'gone',
] as const satisfies readonly ReplayedOutcome[];

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

export type ReplayCounts = Readonly<Record<ReplayedOutcome, number>>;

export interface ReplayState {
  readonly counts: ReplayCounts;
  /** The newest, at most 500; `still-failing` and `error` are kept longest. */
  readonly runs: readonly ReplayedRun[];
  readonly runsDropped: number;
  /** Where the list of runs goes on; null before the first page. */
  readonly nextPageToken: string | null;
  readonly pages: number;
  /** RFC 3339, by the server's clock: what closed later may have been tried while it was open. */
  readonly startedAt: string;
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

/** How Temporal names a run that was ended from outside. */
export const endsFromOutside = ['CANCELLED', 'TERMINATED', 'TIMED_OUT'] as const;
export type EndedFromOutside = (typeof endsFromOutside)[number];

/** One pod run as the list of runs shows it. */
export interface FoundRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly open: boolean;
  /** Absent unless it was cancelled, terminated or timed out: how Temporal names that. */
  readonly endedFromOutside?: EndedFromOutside;
  /** RFC 3339. */
  readonly closedAt: string | null;
  /** Whether it shows a failed classification. */
  readonly failed: boolean;
  /** Empty where it is not shown. */
  readonly owner: string;
}

/** What trying one run brought. `refused`: asking again would not help. */
export type TryAnswer =
  | {
      readonly kind: 'tried';
      readonly result: Pick<ReplayedRun, 'from' | 'to' | 'reason' | 'rule' | 'rulesVersion'> & {
        readonly outcome: ReclassifyOutcome;
      };
    }
  | { readonly kind: 'already-fixed' }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** It was open when it was listed, and has failed since. */
export interface ClosedMeanwhile {
  readonly kind: 'closed';
  readonly runId: string;
}

/** The state of a replay that has tried nothing yet. */
export function newReplay(startedAt: string): ReplayState {
  const counts = Object.fromEntries(replayedOutcomes.map((outcome) => [outcome, 0])) as Record<ReplayedOutcome, number>;
  return { counts, runs: [], runsDropped: 0, nextPageToken: null, pages: 0, startedAt };
}

/** Runs a replay has tried. */
export function triedRuns(counts: ReplayCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Whether a replay left something for a person to do. */
export function hasReplayFailures(counts: ReplayCounts): boolean {
  return counts['still-failing'] > 0 || counts.error > 0;
}

/** The outcomes heard between two counts. One heard later in place of an `error` counts, the error does not go back. */
export function countsSince(before: ReplayCounts, now: ReplayCounts): Partial<ReplayCounts> {
  const more = replayedOutcomes.map((outcome) => [outcome, now[outcome] - before[outcome]] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}
