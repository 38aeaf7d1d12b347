import { TokenError } from '../../../platform/auth/token-error.ts';
import { type VerifiedToken, skewSeconds } from '../../../platform/auth/token-verifier.ts';
import { Problem } from '../../http/problems/problem.ts';
import { unauthenticated } from '../../http/authenticate.ts';
import type { Caller } from '../session/caller.ts';

/** Which claims say whose session it is. */
export interface CallerClaims {
  /** `SESSION_TENANT_CLAIM`; empty has one tenant. */
  readonly tenantClaim: string;
  /** `SESSION_OWNER_CLAIM`; `-` shares sessions among all of a tenant. */
  readonly ownerClaim: string;
}

/** Restricts the classes a token may name. */
const classesClaim = 'podkeeper_classes';
const maxClaimLength = 256;
const maxClasses = 256;

/** Who sends a request, from a token that was found good. Throws a Problem (401) when a claim that is asked for is not there. */
export function callerOfToken(token: VerifiedToken, { tenantClaim, ownerClaim }: CallerClaims): Caller {
  const { subject, scopes, claims, expiresAt } = token;
  return {
    subject,
    tenant: tenantClaim === '' ? '' : namedClaim(claims[tenantClaim], tenantClaim),
    owner: ownerClaim === '-' ? '' : namedClaim(claims[ownerClaim], ownerClaim),
    admin: scopes.has('sessions:admin'),
    classes: readClasses(claims[classesClaim]),
    // The verifier takes a token that long after its `exp`.
    expiresAtMs: expiresAt.getTime() + skewSeconds * 1000,
  };
}

/** Text that is not well-formed would be hashed as other text, and so be another's. */
function namedClaim(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= maxClaimLength && value.isWellFormed()) return value;
  throw new Problem('unauthenticated', {
    detail: `The token must name its ${JSON.stringify(name)} in a claim of that name: text of 1 to ${maxClaimLength} characters.`,
    headers: unauthenticated('not-accepted').headers,
  });
}

/** A list, or names separated by spaces. What can't be read must not mean "all". */
function readClasses(value: unknown): ReadonlySet<string> | null {
  if (value === undefined) return null;
  const names = typeof value === 'string' ? value.split(' ').filter((name) => name !== '') : value;
  if (!Array.isArray(names) || names.length > maxClasses || !names.every((name) => typeof name === 'string')) {
    throw new TokenError('not-accepted');
  }
  return new Set(names);
}
