import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PodRuns, WatchScope } from '../domain/pods/watch/watch-scope.ts';
import type { WatchCheckpoint, WatchGap } from '../domain/pods/watch/watch-checkpoint.ts';

/** One run per cluster and scope; holds the watch activity and its checkpoint. */
export const watchPodsType = 'watchPods';

/** What a watch does; sent at boot and by reconfiguration. */
export interface WatchConfiguration {
  readonly scope: WatchScope;
  readonly podRuns: PodRuns;
  /** Changes of one pod within this time go in one signal. */
  readonly coalesceMs: number;
  /** Signals in flight at once. */
  readonly dispatchConcurrency: number;
  /** Changes read and not yet accepted at which the watch stops reading. */
  readonly queueLimit: number;
  /** The activity returns its checkpoint after this long and is started again with it. */
  readonly intervalSeconds: number;
  /** The next three are handed to each pod's run. */
  readonly classificationTimeoutMs: number;
  readonly failedRetentionSeconds: number;
  readonly idleCheckSeconds: number;
}

export interface WatchPodsInput {
  readonly cluster: string;
  readonly configuration: WatchConfiguration;
  readonly configHash: string;
  readonly revision: number;
  readonly historyLimit?: number;
  readonly carried?: WatchState;
}

/** Everything a watch run knows; carried over by continue-as-new. */
export interface WatchState {
  readonly checkpoint: WatchCheckpoint | null;
  /** How often the watch activity was scheduled; part of the fence on the known pods in Redis. */
  readonly interval: number;
  readonly paused: boolean;
  /** The newest ones, oldest first. */
  readonly gaps: readonly WatchGap[];
  readonly gapCount: number;
  readonly lastInterval: Pick<WatchIntervalResult, 'endedBy' | 'accepted'> | null;
  /** As of the end of the last interval. */
  readonly missingPermissions: readonly string[];
}

export interface WatchPodsResult {
  readonly intervals: number;
  readonly gapCount: number;
}

/** Input of the watch activity. A retry starts from its predecessor's heartbeat instead of `checkpoint`. */
export interface WatchIntervalInput {
  readonly cluster: string;
  readonly watchWorkflowId: string;
  readonly configuration: WatchConfiguration;
  readonly checkpoint: WatchCheckpoint | null;
  readonly interval: number;
}

export interface WatchIntervalResult {
  readonly checkpoint: WatchCheckpoint;
  readonly endedBy: 'interval' | 'shutdown' | 'cancelled';
  /** Changes accepted by Temporal in this attempt. */
  readonly accepted: number;
  readonly missingPermissions: readonly string[];
}

export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
export const stopSignal = defineSignal('stop');
/** What people ask of a watch: it is taken in at once, and done when a pod worker gets to it. */
export const watchActions = { pause: pauseSignal, resume: resumeSignal, stop: stopSignal } as const;
export type WatchAction = keyof typeof watchActions;

/** Sent by the watch activity before its checkpoint passes the gap. Delivered twice, it counts once. */
export const gapSignal = defineSignal<[WatchGap]>('gap');

export interface Reconfiguration {
  readonly configuration: WatchConfiguration;
  readonly configHash: string;
  /** An older revision than the one in force is refused. */
  readonly revision: number;
  /** Refused unless the configuration in force has this hash: for one that was made from what was in force. */
  readonly expectedHash?: string;
}

export interface ReconfigureResult {
  readonly changed: boolean;
  readonly revision: number;
}

export const reconfigureUpdate = defineUpdate<ReconfigureResult, [Reconfiguration]>('reconfigure');

export interface WatchStatus extends Omit<WatchState, 'paused'> {
  readonly mode: 'running' | 'paused' | 'stopping';
  readonly cluster: string;
  readonly configuration: WatchConfiguration;
  readonly configHash: string;
  readonly revision: number;
}

export const watchStatusQuery = defineQuery<WatchStatus>('watchStatus');
