import { SignJWT } from 'jose';

export interface ClientIdentity {
  /** The owner of the sessions; `sub` of the token. */
  readonly owner: string;
  /** In the claim `tenant`; the rig reads tenants from it when it was started with SESSION_TENANT_CLAIM. */
  readonly tenant?: string;
  /** Separated by spaces, such as `sessions:admin`. */
  readonly scope?: string;
  readonly lifetimeSeconds?: number;
}

/** A token as an identity provider would give it; platform/auth/mint-token.ts has no claim for a tenant. */
export async function mintClientToken(
  secret: string,
  { owner, tenant, scope = '', lifetimeSeconds = 3600 }: ClientIdentity,
): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return await new SignJWT({ scope, ...(tenant !== undefined && { tenant }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('podkeeper')
    .setAudience('podkeeper')
    .setSubject(owner)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(new TextEncoder().encode(secret));
}
