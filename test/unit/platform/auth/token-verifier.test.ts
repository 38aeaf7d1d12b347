import { createSecretKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  base64url,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { mintToken } from '../../../../platform/auth/mint-token.ts';
import { TokenError } from '../../../../platform/auth/token-error.ts';
import { createTokenVerifier, type VerifyToken } from '../../../../platform/auth/token-verifier.ts';
import type { KeySource } from '../../../../platform/auth/keys/key-source.ts';
import { propertySeed } from '../../../helpers/properties.ts';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

const bytes = (text: string) => new TextEncoder().encode(text);
const secret = bytes('the secret in force, thirty-two bytes and more');
const previous = bytes('the secret before it, thirty-two bytes and more');
const now = () => Math.floor(Date.now() / 1000);
const good = (): JWTPayload => ({
  iss: 'us',
  aud: 'them',
  sub: 'ann',
  exp: now() + 60,
  scope: 'runs:read events:write',
});

interface SignOptions {
  readonly alg?: string;
  readonly key?: Uint8Array | PrivateKey;
  readonly kid?: string;
}

const sign = (claims: JWTPayload, { alg = 'HS256', key = secret, kid }: SignOptions = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
const without = (claim: string) => Object.fromEntries(Object.entries(good()).filter(([name]) => name !== claim));

function keySource(...keys: JWK[]): KeySource {
  return { findKey: createLocalJWKSet({ keys }), problem: () => undefined, close: () => undefined };
}

async function faultOf(verify: VerifyToken, token: string): Promise<string> {
  const error: unknown = await verify(token).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TokenError);
  return (error as TokenError).fault;
}

describe('a token signed with the secret', () => {
  const verify = createTokenVerifier({ secrets: [secret, previous], issuer: 'us', audience: 'them' });

  it('tells who calls, what they may do and until when', async () => {
    const token = await verify(await sign(good()));
    expect(token.subject).toBe('ann');
    expect([...token.scopes]).toEqual(['runs:read', 'events:write']);
    expect(token.expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('is what podkeeper token mints', async () => {
    const minted = { issuer: 'us', audience: 'them', subject: 'bob', scopes: ['runs:read'], lifetimeSeconds: 60 };
    expect((await verify(await mintToken({ ...minted, secret }))).subject).toBe('bob');
  });

  it('may carry its scopes in the list scp', async () => {
    const { scopes } = await verify(await sign({ ...without('scope'), scp: ['metrics:read', 7, 'runs:read'] }));
    expect([...scopes]).toEqual(['metrics:read', 'runs:read']);
  });

  it('is still taken with the secret before, and not with any other', async () => {
    await expect(verify(await sign(good(), { key: previous }))).resolves.toMatchObject({ subject: 'ann' });
    const strange = bytes('a secret that nobody configured, 32 bytes long');
    expect(await faultOf(verify, await sign(good(), { key: strange }))).toBe('not-accepted');
  });

  it('is expired after its time and the 30 s that clocks may differ by, whichever secret signed it', async () => {
    await expect(verify(await sign({ ...good(), exp: now() - 20 }))).resolves.toMatchObject({ subject: 'ann' });
    expect(await faultOf(verify, await sign({ ...good(), exp: now() - 40 }))).toBe('expired');
    expect(await faultOf(verify, await sign({ ...good(), exp: now() - 40 }, { key: previous }))).toBe('expired');
  });

  it('is not accepted before its time', async () => {
    await expect(verify(await sign({ ...good(), nbf: now() + 20 }))).resolves.toMatchObject({ subject: 'ann' });
    expect(await faultOf(verify, await sign({ ...good(), nbf: now() + 40 }))).toBe('not-accepted');
  });

  it('is not accepted with a time of expiry that is no date, and so would never come', async () => {
    expect(await faultOf(verify, await sign({ ...good(), exp: 9e12 }))).toBe('not-accepted');
  });

  it.each(['exp', 'iss', 'aud', 'sub'])('is not accepted without %s', async (claim) => {
    expect(await faultOf(verify, await sign(without(claim)))).toBe('not-accepted');
  });

  it.each([
    ['another issuer', { iss: 'others' }],
    ['another audience', { aud: 'others' }],
    ['no audience that is ours', { aud: ['a', 'b'] }],
    ['an empty subject', { sub: '' }],
    ['an endless subject', { sub: 'x'.repeat(257) }],
    ['an expiry that is no number', { exp: 'tomorrow' as unknown as number }],
  ])('is not accepted with %s', async (_title, claims) => {
    expect(await faultOf(verify, await sign({ ...good(), ...claims }))).toBe('not-accepted');
  });

  it('is not accepted with another algorithm than HS256, even by the right secret', async () => {
    for (const alg of ['HS384', 'HS512']) {
      const long = bytes('0123456789abcdef'.repeat(4));
      const takes = createTokenVerifier({ secrets: [long], issuer: 'us', audience: 'them' });
      expect(await faultOf(takes, await sign(good(), { alg, key: long }))).toBe('not-accepted');
    }
  });

  it('is not accepted unsigned', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = base64url.encode(JSON.stringify({ alg }));
      const token = `${header}.${base64url.encode(JSON.stringify(good()))}.`;
      expect(await faultOf(verify, token)).toBe('not-accepted');
    }
  });

  it('is not accepted when one character of it was changed', async () => {
    const token = await sign(good());
    for (const at of [3, token.indexOf('.') + 5, token.lastIndexOf('.') + 5]) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(await faultOf(verify, changed)).toBe('not-accepted');
    }
  });

  it(`is nothing that is not a token (seed ${propertySeed})`, async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((text) => base64url.encode(text)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        expect(await faultOf(verify, parts.join('.'))).toBe('not-accepted');
      }),
      { seed: propertySeed, numRuns: 300 },
    );
    expect(await faultOf(verify, `${'a'.repeat(9000)}.b.c`)).toBe('not-accepted');
  });
});

describe('a token signed with a private key', () => {
  let rsa: PrivateKey;
  let curve: PrivateKey;
  let rsaPublicText: string;
  let verify: VerifyToken;
  let verifyBoth: VerifyToken;

  beforeAll(async () => {
    const rsaPair = await generateKeyPair('RS256', { extractable: true });
    const curvePair = await generateKeyPair('ES256', { extractable: true });
    rsa = rsaPair.privateKey;
    curve = curvePair.privateKey;
    rsaPublicText = await exportSPKI(rsaPair.publicKey);
    const keys = keySource(
      { ...(await exportJWK(rsaPair.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(curvePair.publicKey)), kid: 'curve' },
    );
    verify = createTokenVerifier({ secrets: [], keys, issuer: 'us', audience: 'them' });
    verifyBoth = createTokenVerifier({ secrets: [secret], keys, issuer: 'us', audience: 'them' });
  });

  it('is accepted by the public key it names', async () => {
    await expect(verify(await sign(good(), { alg: 'RS256', key: rsa, kid: 'rsa' }))).resolves.toMatchObject({
      subject: 'ann',
    });
    await expect(verify(await sign(good(), { alg: 'ES256', key: curve, kid: 'curve' }))).resolves.toMatchObject({
      subject: 'ann',
    });
  });

  it('is not accepted with an unknown key id, another key, or an algorithm the key is not for', async () => {
    expect(await faultOf(verify, await sign(good(), { alg: 'RS256', key: rsa, kid: 'gone' }))).toBe('not-accepted');
    expect(await faultOf(verify, await sign(good(), { alg: 'RS256', key: rsa, kid: 'curve' }))).toBe('not-accepted');
    const stranger = (await generateKeyPair('RS256')).privateKey;
    expect(await faultOf(verify, await sign(good(), { alg: 'RS256', key: stranger, kid: 'rsa' }))).toBe('not-accepted');
  });

  it('is checked for its claims too', async () => {
    const expired = await sign({ ...good(), exp: now() - 40 }, { alg: 'RS256', key: rsa, kid: 'rsa' });
    expect(await faultOf(verify, expired)).toBe('expired');
    const foreign = await sign({ ...good(), aud: 'others' }, { alg: 'RS256', key: rsa, kid: 'rsa' });
    expect(await faultOf(verify, foreign)).toBe('not-accepted');
  });

  it('cannot be forged by using the public key as a secret', async () => {
    for (const takes of [verify, verifyBoth]) {
      for (const text of [rsaPublicText, rsaPublicText.trim(), rsaPublicText.replaceAll(/-----.*-----|\n/g, '')]) {
        const key = createSecretKey(Buffer.from(text));
        const forged = await sign(good(), { key: new Uint8Array(key.export()), kid: 'rsa' });
        expect(await faultOf(takes, forged)).toBe('not-accepted');
      }
    }
  });

  it('is not taken at all where only a secret is configured, and the other way round', async () => {
    const secretOnly = createTokenVerifier({ secrets: [secret], issuer: 'us', audience: 'them' });
    expect(await faultOf(secretOnly, await sign(good(), { alg: 'RS256', key: rsa, kid: 'rsa' }))).toBe('not-accepted');
    expect(await faultOf(verify, await sign(good()))).toBe('not-accepted');
    await expect(verifyBoth(await sign(good()))).resolves.toMatchObject({ subject: 'ann' });
  });
});
