import { createHmac, timingSafeEqual } from 'node:crypto';

/** The master keys sessions are signed with. Keys never leave this object. */
export interface SigningKeys {
  /** `<kid>.<mac>` of a text, by the first key. */
  sign(text: string): string;
  /** Whether any of the keys has signed the text so. */
  verify(text: string, signature: string): boolean;
  /** The key of one pod, base64url, made of the master key that signed the pod's owner annotation; undefined when that is retired. */
  podKey(podName: string, kid: string): string | undefined;
  /** Of the first key. */
  readonly kid: string;
}

/** The content of the file of signing keys is not as it should be; the message never quotes a key. */
export class SigningKeysError extends Error {
  override readonly name = 'SigningKeysError';
}

const kidPattern = /^[A-Za-z0-9_-]{1,32}$/;
const leastKeyBytes = 32;

/**
 * Reads `kid:key` lines (keys in base64, 32 bytes or more; `#` begins a comment). The first one signs, the others still
 * verify: put a new one first, and take the old one out when no pod carries its kid. Throws SigningKeysError.
 */
export function parseSigningKeys(text: string): SigningKeys {
  const keys = new Map<string, Buffer>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf(':');
    const kid = line.slice(0, Math.max(at, 0)).trim();
    const key = Buffer.from(line.slice(at + 1).trim(), 'base64');
    const where = `line ${index + 1}`;
    if (!kidPattern.test(kid))
      throw new SigningKeysError(`${where}: write <kid>:<key in base64>; the kid is 1 to 32 of A-Z a-z 0-9 _ -`);
    if (keys.has(kid)) throw new SigningKeysError(`${where}: the kid "${kid}" is there twice`);
    if (key.length < leastKeyBytes) {
      throw new SigningKeysError(
        `${where}: the key "${kid}" has ${key.length} bytes, at least 32 are needed (openssl rand -base64 32)`,
      );
    }
    keys.set(kid, key);
  }
  const [first] = keys;
  if (first === undefined)
    throw new SigningKeysError('there is no key: write a line <kid>:<key>, the key from openssl rand -base64 32');
  const [kid, key] = first;
  return {
    kid,
    sign: (signed) => `${kid}.${mac(key, signed)}`,
    verify(signed, signature) {
      const at = signature.indexOf('.');
      const known = keys.get(signature.slice(0, Math.max(at, 0)));
      return known !== undefined && sameMac(mac(known, signed), signature.slice(at + 1));
    },
    podKey(podName, by) {
      const known = keys.get(by);
      // Another purpose than signing: the text can't be one that is ever signed.
      return known === undefined ? undefined : mac(known, `podkeeper pod key\n${podName}`);
    },
  };
}

/** HMAC-SHA256 of a text, base64url. `key` is a secret. */
export function mac(key: Buffer | string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares two MACs without telling by its time where they differ. */
export function sameMac(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
