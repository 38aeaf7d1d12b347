import { MalformedAnswerError } from '../../client/read-json.ts';
import type { KnownObject } from '../types.ts';

/** Which object this is, in which version. */
export interface Identity extends KnownObject {
  readonly uid: string;
}

/**
 * Reads the identity of an object as sent; `namespace` is empty for cluster-scoped ones.
 * @throws MalformedAnswerError naming the missing field
 */
export function identityOf(object: unknown): Identity {
  const metadata = metadataOf(object);
  return {
    uid: text(metadata, 'uid'),
    namespace: metadata['namespace'] === undefined ? '' : text(metadata, 'namespace'),
    name: text(metadata, 'name'),
    version: text(metadata, 'resourceVersion'),
  };
}

/** The version a bookmark carries; the rest of its object is empty. */
export function versionOf(object: unknown): string {
  return text(metadataOf(object), 'resourceVersion');
}

function metadataOf(object: unknown): Record<string, unknown> {
  const { metadata } = (object ?? {}) as { metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null) throw new MalformedAnswerError('an object without metadata');
  return metadata as Record<string, unknown>;
}

function text(metadata: Record<string, unknown>, field: string): string {
  const value = metadata[field];
  if (typeof value !== 'string' || value === '') throw new MalformedAnswerError(`an object without metadata.${field}`);
  return value;
}
