import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PodIdentity } from '../domain/names.ts';
import type { PodChange } from '../domain/pods/pod-change.ts';
import type { PodRunState, TimelineEntry } from '../domain/pods/run/pod-run.ts';
import type { ReclassifyInput, ReclassifyResult } from '../domain/pods/run/reclassification.ts';
import type { PodRunSummary } from '../domain/pods/run/pod-run-summary.ts';
import type { PodSnapshot } from '../domain/pods/snapshot/pod-snapshot.ts';
import type { SearchAttributeValues } from '../domain/search-attributes.ts';
import type { Verdict } from '../domain/pods/verdict/types.ts';

/** One run per pod (by UID), fed by signalWithStart; ends when the pod is gone. */
export const podLifecycleType = 'podLifecycle';

export interface PodLifecycleInput {
  readonly cluster: string;
  readonly pod: PodIdentity;
  /** Start-to-close of one classification. */
  readonly classificationTimeoutMs: number;
  /** How long a run with failed classifications stays open after its pod is gone. */
  readonly failedRetentionSeconds: number;
  /** A run that heard nothing for this long asks the API server whether its pod still exists. */
  readonly idleCheckSeconds: number;
  /** Continue as new at this many history events even when the server does not suggest it yet. */
  readonly historyLimit?: number;
  /** Carried over by continue-as-new. */
  readonly carried?: {
    readonly state: PodRunState;
    /** The search attributes as last upserted. */
    readonly shown: SearchAttributeValues;
    readonly queue: readonly PodChangeBatch[];
  };
}

/** What the run returns. `failed` counts batches, `classified` changes. */
export type PodLifecycleResult = PodRunSummary;

/** Changes of one pod in the order they were seen; at most 256 KB. */
export interface PodChangeBatch {
  readonly changes: readonly PodChange[];
  /** Grows when the cluster's versions started anew (a restored etcd), so that lower versions count again. */
  readonly epoch: number;
}

export const podChangesSignal = defineSignal<[PodChangeBatch]>('podChanges');

/** Where the pod stands: last snapshot and verdict, and the totals. */
export interface PodState extends PodRunSummary {
  readonly pod: PodIdentity;
  readonly gone: boolean;
  readonly snapshot: PodSnapshot | null;
  readonly verdict: Verdict | null;
}

export const podStateQuery = defineQuery<PodState>('podState');

/** The last classifications, oldest first, each with its transitions. */
export interface PodTimeline {
  readonly entries: readonly TimelineEntry[];
  /** Older entries no longer kept. */
  readonly dropped: number;
}

export const podTimelineQuery = defineQuery<PodTimeline>('podTimeline');

/** Tries the kept failures again, or judges the pod anew when there are none. */
export interface ReclassifyRequest {
  /** Of the replay; a request delivered twice is answered with its first result. */
  readonly requestId: string;
  readonly reason: string;
}

export const reclassifyUpdate = defineUpdate<ReclassifyResult, [ReclassifyRequest]>('reclassify');

/** What a reclassification would be given now; for trying without touching the run. */
export type ReclassificationInputs = Omit<ReclassifyInput, 'now'>;

export const reclassifyInputsQuery = defineQuery<ReclassificationInputs>('reclassifyInputs');
