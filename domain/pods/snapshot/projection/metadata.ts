import type { PodOwner, PodSnapshot } from '../pod-snapshot.ts';
import { type BoundedReader, fieldsOf, integerOf, itemsOf } from './reader.ts';
import type { Draft, Fields } from './reader.ts';

type MetadataPart = Pick<
  PodSnapshot,
  | 'uid'
  | 'namespace'
  | 'name'
  | 'version'
  | 'createdAt'
  | 'labels'
  | 'owner'
  | 'deletionTimestamp'
  | 'deletionGracePeriodSeconds'
  | 'finalizers'
>;

/** Uids and versions of Kubernetes have 36 and at most 39 characters; other senders get some room. */
const idLimit = 128;

export function projectMetadata(metadata: Fields, reader: BoundedReader): Draft<MetadataPart> {
  const { name: nameLimit, gates } = reader.limits;
  const draft: Draft<MetadataPart> = {
    uid: reader.text(metadata.uid, idLimit, 'uid') ?? '',
    namespace: reader.text(metadata.namespace, nameLimit, 'namespace') ?? '',
    name: reader.text(metadata.name, nameLimit, 'name') ?? '',
    version: reader.text(metadata.resourceVersion, idLimit, 'version') ?? '',
    labels: projectLabels(metadata.labels, reader),
    finalizers: projectNames(metadata.finalizers, reader, { limit: gates, path: 'finalizers' }),
  };
  const createdAt = reader.word(metadata.creationTimestamp, 'createdAt');
  if (createdAt !== undefined) draft.createdAt = createdAt;
  const owner = projectOwner(metadata.ownerReferences, reader);
  if (owner !== undefined) draft.owner = owner;
  const deletionTimestamp = reader.word(metadata.deletionTimestamp, 'deletionTimestamp');
  if (deletionTimestamp !== undefined) draft.deletionTimestamp = deletionTimestamp;
  const grace = integerOf(metadata.deletionGracePeriodSeconds);
  if (grace !== undefined) draft.deletionGracePeriodSeconds = grace;
  return draft;
}

/** A list of names, given as texts or as objects with a field that holds the text. */
export function projectNames(
  value: unknown,
  reader: BoundedReader,
  { limit, path, field }: { readonly limit: number; readonly path: string; readonly field?: string },
): string[] {
  const names: string[] = [];
  for (const item of reader.list(value, limit, path)) {
    const name = reader.text(field === undefined ? item : fieldsOf(item)[field], reader.limits.name, path);
    if (name !== undefined) names.push(name);
  }
  return names;
}

function projectLabels(value: unknown, reader: BoundedReader): Record<string, string> {
  const labels = fieldsOf(value);
  const draft: Record<string, string> = {};
  for (const key of reader.keys(labels, { limit: reader.limits.labels, longest: 317, path: 'labels' })) {
    const label = labels[key];
    if (typeof label === 'string') draft[key] = reader.text(label, 63, 'labels') ?? '';
  }
  return draft;
}

function projectOwner(value: unknown, reader: BoundedReader): PodOwner | undefined {
  const references = itemsOf(value).map(fieldsOf);
  const reference = references.find(({ controller }) => controller === true) ?? references[0];
  if (reference === undefined) return undefined;
  const kind = reader.word(reference.kind, 'owner.kind');
  const name = reader.text(reference.name, reader.limits.name, 'owner.name');
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, uid: reader.text(reference.uid, idLimit, 'owner.uid') ?? '' };
}
