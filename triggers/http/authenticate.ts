import { type Scope, scopes } from '../../domain/scopes.ts';
import { isLoopbackHostHeader } from '../../platform/auth/loopback.ts';
import { TokenError, type TokenFault } from '../../platform/auth/token-error.ts';
import type { VerifyToken } from '../../platform/auth/token-verifier.ts';
import type { Authenticate, Caller } from './http-app.ts';
import { Problem } from './problems/problem.ts';

const known: ReadonlySet<string> = new Set(Object.keys(scopes));
/** RFC 6750, section 2.1. */
export const bearer = /^Bearer +([\w.~+/-]+=*) *$/i;

/** Takes a request by the bearer token in its Authorization header (RFC 6750). */
export function authenticateByToken(verify: VerifyToken): Authenticate {
  return async ({ authorization }) => {
    const token = bearer.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated(authorization === undefined ? 'missing' : 'not-accepted');
    try {
      const { subject, scopes: held } = await verify(token);
      return { subject, scopes: new Set([...held].filter(isScope)) };
    } catch (error) {
      if (error instanceof TokenError) throw unauthenticated(error.fault);
      throw error;
    }
  };
}

const anyone: Caller = { subject: 'anonymous', scopes: new Set(Object.keys(scopes).filter(isScope)) };

/**
 * Takes every request, for AUTH_DISABLED, but none that a web page from elsewhere makes a browser on this machine send:
 * it comes under the page's own host name (DNS rebinding) or names the page as its origin (cross-site request forgery).
 */
export const authenticateAnyone: Authenticate = ({ host, origin }) =>
  isLoopbackHostHeader(host) && (origin === undefined || origin === `http://${host}`)
    ? Promise.resolve(anyone)
    : Promise.reject(
        new Problem('forbidden', {
          detail:
            'Without tokens, only requests to localhost or 127.0.0.1 by that name are taken, and none of web pages.',
        }),
      );

const details: Readonly<Record<TokenFault, string>> = {
  missing: 'Send a bearer token: "Authorization: Bearer <token>". For local use, "podkeeper token --all" prints one.',
  expired: 'The token has expired.',
  'not-accepted': 'The token is not accepted.',
};

/** 401, with what RFC 6750 has a server say. */
export function unauthenticated(fault: TokenFault): Problem {
  const detail = details[fault];
  // Without a token there is no error to name (RFC 6750, section 3.1).
  const error = fault === 'missing' ? '' : `, error="invalid_token", error_description="${detail}"`;
  return new Problem('unauthenticated', {
    detail,
    headers: { 'www-authenticate': `Bearer realm="podkeeper"${error}` },
  });
}

function isScope(name: string): name is Scope {
  return known.has(name);
}
