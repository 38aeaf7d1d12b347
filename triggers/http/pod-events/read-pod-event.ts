import type { PodIdentity } from '../../../domain/names.ts';
import type { ObservedChange, PodOperation } from '../../../domain/pods/pod-change.ts';
import { podFault } from '../../../domain/pods/snapshot/pod-fault.ts';
import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import {
  type Check,
  isText,
  matching,
  objectOf,
  oneOf,
  optional,
} from '../../../domain/pods/snapshot/validation/checks.ts';
import type { RequestFault } from '../problems/problem.ts';

export const podOperations = ['add', 'update', 'delete'] as const satisfies readonly PodOperation[];

/** The sender's own name for what it sends is handed back, so it is bounded. */
export const resourceIdLimit = 256;

/** A pod event that can be sent to the run of its pod. */
export interface PodEvent {
  readonly resourceId: string | undefined;
  readonly pod: PodIdentity;
  readonly change: ObservedChange;
}

export type ReadPodEvent =
  { readonly event: PodEvent } | { readonly errors: readonly RequestFault[]; readonly resourceId: string | undefined };

export interface ReadOptions {
  /** Where the value stands in the request: `body`, `body[3]`. */
  readonly path: string;
  /** RFC 3339, when the request arrived. */
  readonly observedAt: string;
}

const isObject = objectOf({});

const resourceIdCheck: Check = (value, path) =>
  isText(value, path) ??
  ((value as string).length > resourceIdLimit ? `${path} is longer than ${resourceIdLimit} characters` : undefined);

/** `podFault` lets files leave these two out; here they tell a Pod from what was sent by mistake. */
const itemCheck = objectOf({ apiVersion: matching(/^v1$/, 'v1'), kind: matching(/^Pod$/, 'Pod') });

/**
 * Takes one event out of a request body, as a change of its pod; or says where it is not as it should be: each fault of
 * the event itself, and the first one of its Pod. Never throws.
 */
export function readPodEvent(value: unknown, { path, observedAt }: ReadOptions): ReadPodEvent {
  const noObject = isObject(value, path);
  if (noObject !== undefined) return { errors: [toFault(noObject)], resourceId: undefined };
  const event = value as Readonly<Record<string, unknown>>;
  const resourceId =
    typeof event['resourceId'] === 'string' ? event['resourceId'].slice(0, resourceIdLimit) : undefined;
  const sentences = [
    optional(resourceIdCheck)(event['resourceId'], `${path}.resourceId`),
    oneOf(...podOperations)(event['type'], `${path}.type`),
    itemCheck(event['item'], `${path}.item`) ?? podFaultAt(event['item'], `${path}.item`),
  ].filter((sentence) => sentence !== undefined);
  if (sentences.length > 0) return { errors: sentences.map(toFault), resourceId };
  const snapshot = snapshotOf(event['item']);
  return {
    event: {
      resourceId,
      pod: identityOf(event['item'], snapshot),
      change: { operation: event['type'] as PodOperation, observedAt, snapshot },
    },
  };
}

function podFaultAt(item: unknown, path: string): string | undefined {
  const sentence = podFault(item);
  return sentence === undefined ? undefined : `${path}.${sentence}`;
}

/** A Pod that names no namespace is in `default`, as for kubectl. */
function snapshotOf(item: unknown): PodSnapshot {
  const snapshot = projectPod(item);
  return snapshot.namespace === '' ? { ...snapshot, namespace: 'default' } : snapshot;
}

/** From the Pod itself: the name in the snapshot of a very big Pod may be cut. */
function identityOf(item: unknown, { namespace, uid }: PodSnapshot): PodIdentity {
  const { metadata } = item as { readonly metadata: { readonly name: string } };
  return { namespace, name: metadata.name, uid };
}

/** Checks write path and message as one sentence. Keys of maps stand in the path, so the last verb parts the two. */
function toFault(sentence: string): RequestFault {
  const [, path = sentence, message = 'is not valid'] =
    /^(.*) (is (?:missing|negative|longer |not ).*)$/s.exec(sentence) ?? [];
  return { path, message };
}
