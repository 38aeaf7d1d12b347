import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { KeySource } from './keys/key-source.ts';
import { tokenScopes } from './token-scopes.ts';
import { TokenError } from './token-error.ts';

export interface VerifiedToken {
  readonly subject: string;
  /** As the token says; names that mean nothing here included. */
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: Date;
  readonly claims: Readonly<JWTPayload>;
}

/** Throws a TokenError for a token that is not acceptable. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

export interface TokenVerifierOptions {
  /** HS256 secrets, the current one first, as `tokenSecrets` gives them; empty takes no HS256 tokens. */
  readonly secrets: readonly Uint8Array[];
  /** Public keys; left out, no token signed by a private key is taken. */
  readonly keys?: KeySource;
  readonly issuer: string;
  readonly audience: string;
}

/** How far the clocks of whoever made a token and of this machine may differ. */
export const skewSeconds = 30;
/** A longer one is no token: headers are bounded too, but not every caller comes from there. */
const maxTokenLength = 8192;
const maxSubjectLength = 256;
/** Seconds; a later one is no date, and would never have passed. */
const latestExpiry = 8.64e12;

/**
 * Fixed per kind of key, so that a public key is never used as an HMAC secret and `none` is never taken (RFC 8725,
 * sections 3.1 and 3.2).
 */
const secretAlgorithm = 'HS256';
const keyAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Checks signature, `iss`, `aud`, `exp`, `nbf` and `sub`; clocks may differ by 30 s. */
export function createTokenVerifier({ secrets, keys, issuer, audience }: TokenVerifierOptions): VerifyToken {
  const claims = {
    issuer,
    audience,
    clockTolerance: skewSeconds,
    requiredClaims: ['exp', 'iss', 'aud', 'sub'],
  } satisfies JWTVerifyOptions;

  const verifyBySecret = async (token: string): Promise<JWTPayload> => {
    for (const secret of secrets) {
      try {
        return (await jwtVerify(token, secret, { ...claims, algorithms: [secretAlgorithm] })).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new TokenError('not-accepted');
  };
  const verifyByKey = async (token: string): Promise<JWTPayload> => {
    if (keys === undefined) throw new TokenError('not-accepted');
    return (await jwtVerify(token, keys.findKey, { ...claims, algorithms: keyAlgorithms })).payload;
  };

  return async (token) => {
    if (token.length > maxTokenLength) throw new TokenError('not-accepted');
    try {
      const { alg } = decodeProtectedHeader(token);
      return describe(await (alg === secretAlgorithm ? verifyBySecret(token) : verifyByKey(token)));
    } catch (error) {
      if (error instanceof TokenError) throw error;
      // Whatever jose throws, and whatever a hostile header makes it throw, means the same.
      throw new TokenError(error instanceof errors.JWTExpired ? 'expired' : 'not-accepted');
    }
  };
}

function describe(claims: JWTPayload): VerifiedToken {
  const { sub, exp } = claims;
  if (
    typeof sub !== 'string' ||
    sub === '' ||
    sub.length > maxSubjectLength ||
    typeof exp !== 'number' ||
    exp > latestExpiry
  ) {
    throw new TokenError('not-accepted');
  }
  return { subject: sub, scopes: tokenScopes(claims), expiresAt: new Date(exp * 1000), claims };
}
