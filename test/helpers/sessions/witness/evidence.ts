import type { ClientRequest, PodChange, PodRequest, RecordSample } from './tables.ts';

/** What the witnesses saw. */
export interface Evidence {
  readonly requests: readonly ClientRequest[];
  /** In the order the API server told them. */
  readonly changes: readonly PodChange[];
  readonly podRequests: readonly PodRequest[];
  readonly samples: readonly RecordSample[];
}

export interface CheckOptions {
  /** By the name of a class's pods this is the same for all of them in one test. */
  readonly idleTimeoutSeconds: number;
  /** Sessions there may be at once. */
  readonly limit: number;
  /** How long runs and pods may differ. */
  readonly graceSeconds: number;
  /** Client ids of sessions that the test ended itself (DELETE, kills, maximum lifetime): they may be removed at any time. */
  readonly endedOnPurpose?: readonly string[];
}
