import type { JWTPayload } from 'jose';

/** The scopes a token holds: `scope`, separated by spaces (RFC 8693, section 4.2), or the list `scp`. */
export function tokenScopes({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const listed = Array.isArray(scp) ? scp.filter((name): name is string => typeof name === 'string') : [];
  const written = typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : [];
  return new Set([...written, ...listed]);
}
