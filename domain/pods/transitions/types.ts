import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';

/** What a Pod's change brought, as facts. Never says one fact twice over a sequence of changes. */
export type Transition =
  | { readonly type: 'Scheduled'; readonly at: string; readonly node?: string }
  /** Every app container has been started at least once. */
  | { readonly type: 'ContainersStarted'; readonly at: string }
  | { readonly type: 'Ready'; readonly at: string }
  | { readonly type: 'NotReady'; readonly at: string }
  /** `count` restarts since the last change; `at` is the start of the newest. Counts add up to `restartCount`. */
  | { readonly type: 'Restarted'; readonly at: string; readonly container: string; readonly count: number }
  | { readonly type: 'SpecChanged'; readonly at: string; readonly fields: readonly SpecField[] }
  | { readonly type: 'Terminating'; readonly at: string; readonly mode: 'graceful' | 'forced' }
  | { readonly type: 'Succeeded'; readonly at: string }
  | { readonly type: 'Failed'; readonly at: string }
  | { readonly type: 'Deleted'; readonly at: string; readonly mode: 'graceful' | 'forced' | 'inferred' };

export type SpecField = 'image' | 'resources' | 'labels';

/** Two states of one pod next to each other in time. */
export interface Step {
  readonly previous: PodSnapshot | undefined;
  readonly snapshot: PodSnapshot;
  /** RFC 3339: when the second was seen; the time of what the object does not date. */
  readonly observedAt: string;
}
