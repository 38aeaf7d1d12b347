import { MalformedAnswerError, parseJsonBytes } from '../../client/read-json.ts';
import { describeStatus } from '../../client/status-object.ts';
import { KubernetesError } from '../../kubernetes-error.ts';
import { type Identity, identityOf, versionOf } from '../state/identity.ts';
import { StreamFault } from './stream-fault.ts';

export const changeTypes = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

/** One checked line of a watch stream. */
export type WatchMessage =
  | { readonly type: 'BOOKMARK'; readonly version: string }
  | { readonly type: keyof typeof changeTypes; readonly identity: Identity; readonly object: unknown };

/**
 * Reads one line of a watch stream.
 * @throws StreamFault for an ERROR event; MalformedAnswerError for anything that is no watch event
 */
export function parseWatchMessage(line: Uint8Array, resource: string): WatchMessage {
  const { type, object } = (parseJsonBytes(line) ?? {}) as { type?: unknown; object?: unknown };
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, identity: identityOf(object), object };
    case 'BOOKMARK':
      return { type, version: versionOf(object) };
    case 'ERROR':
      throw new StreamFault('error-event', errorOfEvent(object, resource));
    default:
      throw new MalformedAnswerError(`a watch event of an unknown type (${typeof type})`);
  }
}

function errorOfEvent(object: unknown, resource: string): KubernetesError {
  const { code } = (object ?? {}) as { code?: unknown };
  return new KubernetesError({
    verb: 'watch',
    resource,
    status: typeof code === 'number' ? code : null,
    ...describeStatus(object),
  });
}
