import type { RawObject } from '../kubernetes/watch.ts';

/** The first line of `test/recordings/<scenario>.jsonl`. */
export interface RecordingHeader {
  readonly scenario: string;
  readonly description: string;
  readonly kubernetesVersion: string;
  /** RFC 3339. */
  readonly recordedAt: string;
  /** The pods in the order of their appearance, and what the scenario calls each of them. */
  readonly pods: readonly { readonly uid: string; readonly name: string; readonly role: string }[];
}

/** Every further line: a change of a Pod or of an Event about one (`object.kind` tells), as received. */
export interface RecordedChange {
  /** RFC 3339, when the recorder read it. */
  readonly at: string;
  readonly type: string;
  readonly object: RawObject;
}

/** The object without `managedFields`: who wrote which field is most of its bytes and no one's evidence. */
export function withoutManagedFields(object: RawObject): RawObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
