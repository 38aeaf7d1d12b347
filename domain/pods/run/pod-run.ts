import type { DeletionSeen } from '../classification.ts';
import type { PodChange } from '../pod-change.ts';
import type { PodRunSummary } from './pod-run-summary.ts';
import type { ReclassifyResult } from './reclassify/reclassify-result.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Transition } from '../transitions.ts';
import type { Cause, Health, Severity, Verdict } from '../verdict/types.ts';

/** Everything the run of one pod knows. One object, replaced as a whole, carried over by continue-as-new. */
export interface PodRunState extends PodRunSummary {
  readonly snapshot: PodSnapshot | null;
  readonly verdict: Verdict | null;
  readonly deletion: DeletionSeen | null;
  /** RFC 3339: the moment the verdict is as of; what time alone changes after it is for a review. */
  readonly judgedAt: string;
  readonly lastVersion: string;
  /** Version of the last `leftScope`: another watch's, so it does not order this one's changes. */
  readonly leftScopeVersion: string;
  readonly epoch: number;
  readonly gone: boolean;
  readonly timeline: readonly TimelineEntry[];
  readonly timelineDropped: number;
  readonly failures: readonly FailedClassification[];
  readonly failuresDropped: number;
  /** Changes of failures that were tried again, whatever came of it. They count as attempts. */
  readonly retried: number;
  /** Requests for a reclassification that were answered, oldest first. */
  readonly answered: readonly AnsweredRequest[];
}

/** One classification as the run keeps it: the verdict in short, all transitions in full. */
export interface TimelineEntry {
  readonly version: string;
  readonly observedAt: string;
  readonly taskName: string;
  readonly tags: readonly string[];
  readonly operation: PodChange['operation'] | 'review';
  readonly transitions: readonly Transition[];
  readonly health: Health;
  readonly incident: boolean;
  readonly primary: Cause | null;
  readonly severity: Severity | null;
  /** The sentence of the primary finding. */
  readonly summary: string | null;
  readonly changeClassified: true;
  readonly rulesVersion: string;
  /** Milliseconds until this entry's batch was classified. */
  readonly elapsedMs: number;
  /** Which classification of its pod this is, from 1; reviews and failed ones count. */
  readonly attempt: number;
  /** Set by a user rule. */
  readonly team?: string;
  /** Names of the user rules that matched; absent when none did. */
  readonly rules?: readonly string[];
}

/** A batch that could not be classified, with all that classifying it needs. */
export interface FailedClassification {
  readonly failedAt: string;
  readonly reason: string;
  /** The user rule that made it fail. */
  readonly rule?: string;
  /** Set once something newer was classified: mended, it says how the pod was, not how it is. */
  readonly superseded?: true;
  readonly previous: PodSnapshot | null;
  readonly deletion: DeletionSeen | null;
  readonly changes: readonly PodChange[];
}

/** A request with its answer, kept so that the same request is never worked on twice. */
export interface AnsweredRequest {
  readonly requestId: string;
  /** A person's words. */
  readonly reason: string;
  readonly answeredAt: string;
  readonly result: ReclassifyResult;
}

/** Kept in state and in the failure's details; a bigger failure makes the server retry the task for ever. */
export const failureLimits = { count: 10, bytes: 256 * 1024 } as const;
export const timelineLimits = { count: 50, bytes: 128 * 1024 } as const;
export const answeredLimits = { count: 20, bytes: 16 * 1024 } as const;

/** Whether something could not be classified and nobody has mended it; what was dropped can't be mended any more. */
export function hasFailures({ failures, failuresDropped }: Pick<PodRunState, 'failures' | 'failuresDropped'>): boolean {
  return failures.length > 0 || failuresDropped > 0;
}

/** The number of the run's next classification. Reviews and failed ones have one too. */
export function nextAttempt({ timeline, timelineDropped, failed, retried }: PodRunState): number {
  return timelineDropped + timeline.length + failed + retried + 1;
}

/** The state of a run that has seen nothing yet. */
export function newPodRun(): PodRunState {
  return {
    operations: { add: 0, update: 0, delete: 0 },
    restarts: 0,
    worstSeverity: null,
    primaryCauses: [],
    classified: 0,
    failed: 0,
    snapshot: null,
    verdict: null,
    deletion: null,
    judgedAt: '',
    lastVersion: '',
    leftScopeVersion: '',
    epoch: 0,
    gone: false,
    timeline: [],
    timelineDropped: 0,
    failures: [],
    failuresDropped: 0,
    retried: 0,
    answered: [],
  };
}
