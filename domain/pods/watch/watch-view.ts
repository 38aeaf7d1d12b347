import type { WatchCheckpoint } from './watch-checkpoint.ts';

/** What only the holder of a watch knows; travels in its heartbeat. */
export interface WatchView {
  /** Host and process that hold the watch. */
  readonly holder: string;
  readonly since: string;
  readonly pods: number;
  /** Seconds since the last byte of the stream that has been silent the longest. */
  readonly streamAgeSeconds: number;
  /** Changes read and not yet accepted by Temporal. */
  readonly waiting: number;
  readonly accepted: number;
  readonly late: number;
  /** `verb resource` (and namespace) that the API server refuses. */
  readonly missingPermissions: readonly string[];
}

/** The details of every heartbeat: the checkpoint a retry starts from, and the live view. */
export interface WatchHeartbeat {
  readonly checkpoint: WatchCheckpoint | null;
  readonly view: WatchView | null;
}
