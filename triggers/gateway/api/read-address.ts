import { isSessionKey } from '../../../domain/sessions/identity/session-key.ts';
import { type SessionRoute, type TargetFault, readTarget } from '../request/request-target.ts';

/** What a request to the gateway is for. */
export type GatewayAddress =
  | SessionRoute
  | { readonly kind: 'sessions' }
  | { readonly kind: 'health' }
  | { readonly kind: 'session-by-key'; readonly key: string };

const list = '/api/v1/sessions';

/** Reads the target of any request to the gateway. */
export function readAddress(target: string): GatewayAddress | TargetFault {
  // Nearly all requests are to a session.
  if (target.startsWith('/api/v1/session/')) return readTarget(target);
  const [path = ''] = target.split('?', 1);
  if (path === '/health') return { kind: 'health' };
  if (path === list) return { kind: 'sessions' };
  const key = path.startsWith(`${list}/`) ? path.slice(list.length + 1) : '';
  return isSessionKey(key) ? { kind: 'session-by-key', key } : readTarget(target);
}
