/** What a reflector knows of one object; the key of the map is its UID. */
export interface KnownObject {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

/** The part of any Kubernetes object the reflector itself looks at. */
export interface ObjectWithMetadata {
  readonly metadata: {
    readonly uid: string;
    readonly namespace?: string;
    readonly name: string;
    readonly resourceVersion: string;
  };
}

/**
 * What a reflector emits, in order. Not every `version` is one to resume from: ask `resumePoint(event)`. While a list is
 * taken in, its changes come page by page, in the order of the list and not of time; a consumer that stored the version
 * of one of them and stopped would miss the rest. Taking in a list is, in this order:
 *
 * 0. `epoch`, when the list's version is lower than the last one known, once for this gap,
 * 1. `added` and `modified` with `fromList: true`, page by page (an inferred `deleted` before the `added` that took its name),
 * 2. `deleted` with `inferred: true` for what is known and not in the list,
 * 3. `gap`, when updates may have been lost,
 * 4. `relisted`, the first version since that may be resumed from.
 *
 * A list that is cut short starts again at 1 and emits only what is new since; 3 and 4 come once, at the end.
 */
export type ReflectorEvent<T = ObjectWithMetadata> =
  | ChangeEvent<T>
  | DeletedEvent<T>
  | { readonly kind: 'bookmark'; readonly version: string }
  /** The server's versions went back (a restored etcd): from here on, lower ones are newer. Comes before the list's changes. */
  | { readonly kind: 'epoch' }
  /** A whole list was taken in; everything it changed, and its gap, has been emitted before this. */
  | { readonly kind: 'relisted'; readonly version: string; readonly count: number }
  | GapEvent;

interface ChangeEvent<T> extends KnownObject {
  readonly kind: 'added' | 'modified';
  readonly uid: string;
  /** As sent by the API server, or what `project` made of it. */
  readonly object: T;
  /** The object's own resourceVersion. */
  readonly version: string;
  /** Milliseconds since the epoch, when the bytes were read. */
  readonly receivedAtMs: number;
  /** True when it came out of the diff of a list, not out of a WATCH event: then its version is no resume point. */
  readonly fromList: boolean;
}

export interface DeletedEvent<T> extends KnownObject {
  readonly kind: 'deleted';
  readonly uid: string;
  /** The version of the delete; when `inferred`, the version by which it was gone, which is no resume point. */
  readonly version: string;
  /** The last state the API server sent; absent when `inferred`. */
  readonly object?: T;
  readonly receivedAtMs: number;
  /** Nobody saw the delete: the object was known and is not in the list, or its name came back with another UID. */
  readonly inferred: boolean;
}

/** A stretch whose updates can't be known. Times are RFC 3339: the last moment known good, and when it was made good. */
export interface GapEvent {
  readonly kind: 'gap';
  /** Empty when the version that was known good is itself lost. */
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly fromTime: string;
  readonly toTime: string;
  readonly reason: GapReason;
  /** The server's versions went back (a restored etcd): versions from before the gap can't be compared with later ones. */
  readonly epochChanged: boolean;
}

export type GapReason =
  /** 410: the server no longer has the history since `fromVersion`. */
  | 'expired'
  /** Three faults inside the stream in a row; what it could not deliver is skipped. */
  | 'stream-faults'
  /** The server's newest version is older than `fromVersion`. */
  | 'versions-went-back'
  /** Objects were known from before, but not up to which version. */
  | 'checkpoint-lost'
  /** A first list was cut short after some of it was emitted; those objects' updates until the next list are lost. */
  | 'list-interrupted';

/** A permission the API server refused (403): what an administrator has to grant. */
export interface MissingPermission {
  readonly verb: string;
  readonly resource: string;
}
