import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';

/** A key set is a few kilobytes; more is something else. */
export const maxKeySetBytes = 256 * 1024;

/**
 * Public keys out of a JWKS (RFC 7517). Symmetric and private keys are left out: whoever can read this document must not
 * be able to sign. Throws an Error when it holds no public key.
 */
export function parseKeySet(text: string): JWTVerifyGetKey {
  const document: unknown = JSON.parse(text);
  const keys = isObject(document) && Array.isArray(document.keys) ? document.keys.filter(isPublicKey) : [];
  if (keys.length === 0) throw new Error('it holds no public key');
  return createLocalJWKSet({ keys });
}

function isPublicKey(key: unknown): key is JWK {
  return isObject(key) && typeof key.kty === 'string' && key.kty !== 'oct' && key.d === undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
