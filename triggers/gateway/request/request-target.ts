import { parseSessionId, sessionIdForm } from '../../../domain/sessions/identity/session-id.ts';

/** What of a session a request is for. */
export type SessionRoute =
  | { readonly kind: 'execute'; readonly sessionId: string }
  | { readonly kind: 'status'; readonly sessionId: string }
  | { readonly kind: 'extend'; readonly sessionId: string }
  | { readonly kind: 'session'; readonly sessionId: string }
  /** `path` is what the pod is asked for: raw, with its query. */
  | { readonly kind: 'proxy'; readonly sessionId: string; readonly path: string };

/** Why a target is refused, in words for the client. */
export interface TargetFault {
  readonly fault: string;
  readonly code: 'invalid_request' | 'invalid_session_id' | 'not_found';
}

const prefix = '/api/v1/session/';
const visibleAscii = /^[\x21-\x7e]+$/;
/** Letters, digits and slashes with something between them: nothing in it is open to two readings, and nearly all are so. */
const plain = /^(?:\/[A-Za-z0-9_-]+)+$/;
/** An encoded slash, backslash, dot or NUL: whoever decodes later would see another path than we do. */
const encodedSeparator = /%(?:2f|5c|2e|00)/i;

/**
 * Reads the target of a request to a session: origin-form only, nothing that two readers could read as two paths.
 * https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function readTarget(target: string): SessionRoute | TargetFault {
  const fault = targetFault(target);
  if (fault !== undefined) return { fault, code: 'invalid_request' };
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  if (!path.startsWith(prefix)) return { fault: 'There is nothing at this address.', code: 'not_found' };
  const [segment = '', ...rest] = path.slice(prefix.length).split('/');
  const sessionId = parseSessionId(segment);
  if (sessionId === undefined) {
    return { fault: `The session id in the path must be ${sessionIdForm}.`, code: 'invalid_session_id' };
  }
  const [action, ...more] = rest;
  if (action === undefined) return { kind: 'session', sessionId };
  if (action === 'proxy')
    return { kind: 'proxy', sessionId, path: `/${more.join('/')}${at < 0 ? '' : target.slice(at)}` };
  if (more.length === 0 && (action === 'execute' || action === 'status' || action === 'extend'))
    return { kind: action, sessionId };
  return { fault: 'There is nothing at this address.', code: 'not_found' };
}

function targetFault(target: string): string | undefined {
  if (plain.test(target)) return undefined;
  if (!target.startsWith('/')) return 'The request target must be a path, beginning with a slash.';
  if (!visibleAscii.test(target)) return 'The request target holds a character that must be percent-encoded.';
  if (target.includes('#')) return 'The request target must not hold a fragment.';
  const [path = ''] = target.split('?', 1);
  if (path.includes('\\')) return 'The path must not hold a backslash.';
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return 'The path holds a percent sign that encodes nothing.';
  if (path.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'The path must not hold dot segments.';
  if (path.slice(1).includes('//')) return 'The path must not hold empty segments.';
  // In the session's own id an encoded dot is a dot; further on it belongs to the pod, which might decode it.
  const ofPod = path.indexOf('/proxy/');
  if (encodedSeparator.test(ofPod < 0 ? path.replace(/^\/api\/v1\/session\/[^/]*/, '') : path.slice(ofPod))) {
    return 'The path must not hold an encoded slash, backslash, dot or NUL.';
  }
  return undefined;
}
