import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, createLocalJWKSet, exportJWK } from 'jose';
import { createTokenVerifier } from '../../../../../platform/auth/token-verifier.ts';
import {
  type GatewayRig,
  audience,
  issuer,
  secret,
  startGatewayRig,
  tokenOf,
} from '../../../../helpers/gateway/gateway-rig.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
let rig: GatewayRig;
beforeAll(async () => {
  const find = createLocalJWKSet({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'one', alg: 'RS256' }] });
  const keys = { findKey: find, problem: () => undefined, close: () => undefined };
  rig = await startGatewayRig({ verify: createTokenVerifier({ secrets: [secret], keys, issuer, audience }) });
}, 60_000);
afterAll(() => rig.stop());

const call = async (authorization: string | undefined, at: GatewayRig = rig) => {
  const answer = await fetch(`${at.url}/api/v1/session/a/proxy/`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  const { code, detail } = (await answer.json()) as { code?: string; detail?: string };
  return { status: answer.status, code, detail, challenge: answer.headers.get('www-authenticate') };
};
const claims = { iss: issuer, aud: audience, sub: 'alice', exp: Math.floor(Date.now() / 1000) + 600 };
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hs256 = (payload: object, key: Uint8Array | string = secret, header: object = { alg: 'HS256' }) => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
};

describe('a token', () => {
  it('that is good is taken, signed by the secret or by a key', async () => {
    expect((await call(`Bearer ${hs256(claims)}`)).status).toBe(200);
    const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(rsa.privateKey);
    expect((await call(`bearer ${signed}`)).status).toBe(200);
  });

  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic YTpi'],
    ['no token', 'Bearer '],
    ['garbage', 'Bearer abc'],
    ['three parts of garbage', 'Bearer a.b.c'],
    ['two tokens', `Bearer ${hs256(claims)} ${hs256(claims)}`],
    ['a token of 9 KB', `Bearer ${hs256({ ...claims, more: 'x'.repeat(6500) })}`],
    ['an expired one', `Bearer ${hs256({ ...claims, exp: claims.exp - 10_000 })}`],
    ['one that is not valid yet', `Bearer ${hs256({ ...claims, nbf: claims.exp })}`],
    ['none that ends', `Bearer ${hs256({ ...claims, exp: undefined })}`],
    ['another audience', `Bearer ${hs256({ ...claims, aud: 'other' })}`],
    ['another issuer', `Bearer ${hs256({ ...claims, iss: 'other' })}`],
    ['no subject', `Bearer ${hs256({ ...claims, sub: undefined })}`],
    ['another secret', `Bearer ${hs256(claims, 'another secret, of the right length too')}`],
    ['alg none', `Bearer ${encode({ alg: 'none' })}.${encode(claims)}.`],
    ['the public key as a secret', `Bearer ${hs256(claims, publicPem)}`],
    ['the public key as a secret, by its id', `Bearer ${hs256(claims, publicPem, { alg: 'HS256', kid: 'one' })}`],
    ['a changed payload', `Bearer ${hs256(claims).replace(/\.[^.]+\./, `.${encode({ ...claims, sub: 'bob' })}.`)}`],
    ['an owner that is no text', `Bearer ${hs256({ ...claims, sub: 5 })}`],
    ['an owner of 257 characters', `Bearer ${hs256({ ...claims, sub: 'x'.repeat(257) })}`],
  ])('is refused with 401: %s', async (_name, authorization) => {
    const before = rig.forwarded.length;
    const answer = await call(authorization);
    expect(answer).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.challenge).toMatch(/^Bearer realm="podkeeper"/);
    expect(rig.forwarded.length).toBe(before);
  });
});

describe('the claims that say whose session it is', () => {
  let other: GatewayRig;
  beforeAll(async () => {
    other = await startGatewayRig({ sessions: { tenantClaim: 'org', ownerClaim: 'user' } });
  });
  afterAll(() => other.stop());

  it.each([
    ['both', { org: 'one', user: 'u' }, 200],
    ['no tenant', { user: 'u' }, 401],
    ['no owner', { org: 'one' }, 401],
    ['an empty tenant', { org: '', user: 'u' }, 401],
    ['a list of tenants', { org: ['one'], user: 'u' }, 401],
    ['a long owner', { org: 'one', user: 'x'.repeat(257) }, 401],
    // Its UTF-8 would be that of another text.
    ['half a character', { org: 'one', user: '\ud800' }, 401],
  ])('must be there: %s', async (_name, given, status) => {
    const answer = await call(`Bearer ${await tokenOf({ claims: given })}`, other);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.detail).toMatch(/"org"|"user"/);
  });

  it('do not count where sessions are shared', async () => {
    const shared = await startGatewayRig({ sessions: { tenantClaim: '', ownerClaim: '-' } });
    for (const subject of ['alice', 'bob']) await call(`Bearer ${await tokenOf({ subject })}`, shared);
    const [first, second] = shared.forwarded;
    expect(first!.caller.owner).toBe('');
    expect(first!.target.key).toBe(second!.target.key);
    await shared.stop();
  });
});

describe('without tokens', () => {
  it('everybody on this machine is one caller, but no web page from elsewhere', async () => {
    const open = await startGatewayRig({ verify: undefined });
    expect((await call(undefined, open)).status).toBe(200);
    expect(open.forwarded[0]!.caller).toMatchObject({ owner: 'anonymous', admin: true });
    const headers = { origin: 'https://evil.example' };
    expect((await fetch(`${open.url}/api/v1/session/a/proxy/`, { headers })).status).toBe(403);
    await open.stop();
  });
});
