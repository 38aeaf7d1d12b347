/**
 * How far a watch has come: per source, the version up to which every change was accepted by Temporal.
 * A source is one namespace of the scope, or `''` for the whole cluster.
 */
export interface WatchCheckpoint {
  readonly sources: Readonly<Record<string, SourceCheckpoint>>;
  /** Sources whose very first list is not complete: its pods are still adopted, not added. */
  readonly adopting?: readonly string[];
  /** Grows when the cluster's versions started anew. */
  readonly epoch: number;
}

export interface SourceCheckpoint {
  readonly version: string;
  /** RFC 3339: when the watch knew it was complete up to `version`. */
  readonly time: string;
}

/** A stretch of a watch whose updates can't be known. */
export interface WatchGap {
  readonly source: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly fromTime: string;
  readonly toTime: string;
  readonly reason: string;
}
