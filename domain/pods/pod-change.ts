import type { PodSnapshot } from './snapshot/pod-snapshot.ts';

/** What happened to a pod, in the words of the task name (`Pod added`, `Pod updated`, `Pod deleted`) and the tags. */
export type PodOperation = 'add' | 'update' | 'delete';

/** One change of one pod, as it travels from the watch (or the webhook) to its `podLifecycle` run. */
export type PodChange = ObservedChange | InferredDelete | LeftScope;

/** Seen with its object: from a WATCH event, from the diff of a relist, or from a webhook. */
export interface ObservedChange {
  readonly operation: PodOperation;
  /** RFC 3339, when the watch read it. */
  readonly observedAt: string;
  readonly snapshot: PodSnapshot;
}

/** The pod was there before a gap and is not there after it; nobody saw the delete, so there is no object. */
export interface InferredDelete {
  readonly operation: 'delete';
  readonly inferred: true;
  readonly observedAt: string;
  /** The list version by which the pod was gone. */
  readonly version: string;
}

/** The pod still lives but no longer matches the watch's selector. It does not end the run. */
export interface LeftScope {
  readonly operation: 'leftScope';
  readonly observedAt: string;
  readonly version: string;
}

/** Narrows a change to those that carry an object. */
export function isObserved(change: PodChange): change is ObservedChange {
  return 'snapshot' in change;
}
