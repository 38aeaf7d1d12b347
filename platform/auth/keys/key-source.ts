import type { JWTVerifyGetKey } from 'jose';

/** Where the public keys come from that tokens are checked with. */
export interface KeySource {
  /** For `jwtVerify`; throws when no key fits. */
  readonly findKey: JWTVerifyGetKey;
  /** What is wrong now, for `/ready`; undefined while there are keys. */
  readonly problem: () => string | undefined;
  readonly close: () => void;
}
