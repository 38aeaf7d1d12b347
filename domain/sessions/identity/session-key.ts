/** Whose session it is. To anyone else it does not exist. */
export interface SessionIdentity {
  /** Empty when there is one tenant. */
  readonly tenant: string;
  /** Empty when the tenant's members share sessions. */
  readonly owner: string;
  readonly id: string;
}

/** SHA-256 of a text in UTF-8; given, because domain code has no crypto of its own. */
export type Sha256 = (text: string) => Uint8Array;

/** Kubernetes names, Temporal ids and Redis keys can all hold it; 130 bits. */
const keyLength = 26;
const keyPattern = /^[a-z2-7]{26}$/;

/**
 * The key of a session: what everything of it is named by. Another owner's session of the same id has another key, so
 * nothing can be learned by asking for it. The parts are length-prefixed: no two identities give one text.
 */
export function sessionKey({ tenant, owner, id }: SessionIdentity, sha256: Sha256): string {
  return base32(sha256([tenant, owner, id].map(lengthPrefixed).join(''))).slice(0, keyLength);
}

/** Whether a text (a label, a path segment of an administrator's request) is a session key. */
export function isSessionKey(text: string): boolean {
  return keyPattern.test(text);
}

function lengthPrefixed(part: string): string {
  return `${part.length}:${part}`;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648, in lower case and without padding. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((value >>> bits) & 31);
    }
  }
  return bits === 0 ? text : text + alphabet.charAt((value << (5 - bits)) & 31);
}
