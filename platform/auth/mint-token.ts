import { SignJWT } from 'jose';

export interface MintOptions {
  readonly secret: Uint8Array;
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
  /** Further claims, beside those below. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token signed with HS256, for local use and for tests. */
export async function mintToken({ secret, lifetimeSeconds, claims = {}, ...named }: MintOptions): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return await new SignJWT({ ...claims, scope: named.scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(named.issuer)
    .setAudience(named.audience)
    .setSubject(named.subject)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(secret);
}
