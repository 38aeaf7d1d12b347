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

/** What a reflector emits, in order. `version` is always a resourceVersion to resume from. */
export type ReflectorEvent<T extends ObjectWithMetadata = ObjectWithMetadata> =
  | ChangeEvent<T>
  | DeletedEvent<T>
  | { readonly kind: 'bookmark'; readonly version: string }
  /** A whole list was taken in; everything it changed has been emitted before this. */
  | { readonly kind: 'relisted'; readonly version: string; readonly count: number }
  | GapEvent;

export interface ChangeEvent<T> {
  readonly kind: 'added' | 'modified';
  readonly object: T;
  readonly version: string;
  /** Milliseconds since the epoch, when the bytes were read. */
  readonly receivedAtMs: number;
  /** True when it came out of the diff of a list, not out of a WATCH event. */
  readonly fromList: boolean;
}

export interface DeletedEvent<T> extends KnownObject {
  readonly kind: 'deleted';
  readonly uid: string;
  /** The last state the API server sent; absent when `inferred`. */
  readonly object?: T;
  readonly receivedAtMs: number;
  /** Nobody saw the delete: the object was known and is not in the list, or its name came back with another UID. */
  readonly inferred: boolean;
}

/** A stretch whose updates can't be known. Times are RFC 3339: the last moment known good, and when it was made good. */
export interface GapEvent {
  readonly kind: 'gap';
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly fromTime: string;
  readonly toTime: string;
  readonly reason: string;
}
