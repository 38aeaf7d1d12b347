import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TokenError } from '../../../platform/auth/token-error.ts';
import type { VerifyToken } from '../../../platform/auth/token-verifier.ts';
import { authenticateAnyone, bearer, unauthenticated } from '../../http/authenticate.ts';
import type { Caller } from '../session/caller.ts';
import { type CallerClaims, callerOfToken } from './caller-of-token.ts';
import { createRecent } from './recent.ts';

/** Who sends a request. Answers at once for a token that was checked before. Throws a Problem. */
export type Authenticate = (headers: IncomingHttpHeaders) => Caller | Promise<Caller>;

export interface AuthenticateOptions extends CallerClaims {
  readonly verify: VerifyToken;
  /** Tokens kept, at least half of them those used last. */
  readonly maxTokens?: number;
  /** A token is checked anew after that: its key may have been withdrawn. */
  readonly recheckMs?: number;
  readonly now?: () => number;
}

interface Known {
  readonly caller: Caller;
  readonly checkedAtMs: number;
}

/** By bearer token. Tokens found good are remembered by their hash, never as they are. */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { verify, maxTokens = 10_000, recheckMs = 300_000, now = Date.now } = options;
  const known = createRecent<Known>(maxTokens);

  const check = async (token: string, id: string): Promise<Caller> => {
    try {
      const caller = callerOfToken(await verify(token), options);
      known.set(id, { caller, checkedAtMs: now() });
      return caller;
    } catch (error) {
      known.delete(id);
      if (error instanceof TokenError) throw unauthenticated(error.fault);
      throw error;
    }
  };
  return ({ authorization }) => {
    const token = bearer.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated(authorization === undefined ? 'missing' : 'not-accepted');
    const id = hash('sha256', token, 'base64');
    const entry = known.get(id);
    const nowMs = now();
    if (entry === undefined || nowMs >= entry.caller.expiresAtMs || nowMs - entry.checkedAtMs >= recheckMs) {
      return check(token, id);
    }
    return entry.caller;
  };
}

/** For AUTH_DISABLED: everybody on this machine is one caller; no web page from elsewhere is. */
export function createAuthenticateAnyone({ ownerClaim }: Pick<CallerClaims, 'ownerClaim'>): Authenticate {
  const anyone: Caller = {
    subject: 'anonymous',
    tenant: '',
    owner: ownerClaim === '-' ? '' : 'anonymous',
    admin: true,
    classes: null,
    expiresAtMs: Infinity,
  };
  return async (headers) => {
    const { origin } = headers;
    // A page of this gateway's own has its scheme.
    await authenticateAnyone({
      ...headers,
      ...(origin !== undefined && { origin: origin.replace(/^https:/, 'http:') }),
    });
    return anyone;
  };
}
