import { defineQuery } from '@temporalio/workflow';
import type { ReplayFilter, ReplayProgress, ReplayState } from '../domain/replay/replay.ts';

export type { ReplayedRun, ReplayFilter, ReplayProgress, ReplayState } from '../domain/replay/replay.ts';

/** Tries again what could not be classified, run by run; one run per request. */
export const replayClassificationsType = 'replayClassifications';

export interface ReplayClassificationsInput {
  readonly cluster: string;
  /** Part of this run's id, and of the id of every update it sends: nothing is tried twice. */
  readonly requestId: string;
  readonly filter: ReplayFilter;
  /** Only tells what would change: no run is touched. */
  readonly dryRun: boolean;
  /** A person's words, kept in what it changes. */
  readonly reason: string;
  /** RFC 3339, by the clock of whoever asked; only told, never compared. */
  readonly requestedAt: string;
  /** A whole number; at most so many runs are begun in any second. */
  readonly runsPerSecond: number;
  readonly historyLimit?: number;
  /** Carried over by continue-as-new. */
  readonly carried?: ReplayState;
}

export type ReplayClassificationsResult = ReplayProgress;

export const replayProgressQuery = defineQuery<ReplayProgress>('replayProgress');
