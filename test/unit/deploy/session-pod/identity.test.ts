import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import {
  challengeText,
  claimText,
  identityHeaders,
  identityPath,
} from '../../../../domain/sessions/handshake/handshake-texts.ts';
import { mac } from '../../../../platform/sessions/signing-keys.ts';
import { usePodProcesses } from './pod-process.ts';
import { openRaw, upgradeHeaders } from './raw-connection.ts';

jest.setTimeout(60_000);
const startPod = usePodProcesses();

const podKey = randomBytes(32).toString('base64url');
const claim = { podUid: 'uid-1', sessionKey: 'a'.repeat(26), incarnation: 7 };
const native = {
  PODKEEPER_POD_KEY: podKey,
  PODKEEPER_SESSION_KEY: claim.sessionKey,
  PODKEEPER_INCARNATION: String(claim.incarnation),
  POD_UID: claim.podUid,
};

/** What a gateway sends that has this key. */
function challenge(key = podKey, nonce = randomBytes(16).toString('base64url')) {
  const headers = { [identityHeaders.nonce]: nonce, [identityHeaders.mac]: mac(key, challengeText(nonce)) };
  return { nonce, request: { path: identityPath, headers } };
}

describe('a native session pod', () => {
  it('proves who it is, and serves on that connection from then on', async () => {
    const connection = await openRaw((await startPod(native)).port);
    const { nonce, request } = challenge();
    const { status, body } = await connection.ask(request);
    expect(status).toBe(200);
    expect(body).toEqual({ ...claim, mac: mac(podKey, claimText(nonce, claim)) });
    expect((await connection.ask({ path: '/state' })).status).toBe(200);
    expect((await connection.ask({ path: '/ws', headers: upgradeHeaders })).status).toBe(101);
    connection.destroy();
  });

  it('serves nothing but its health on a connection without proof, and closes that', async () => {
    const pod = await startPod(native);
    const proven = await openRaw(pod.port);
    expect((await proven.ask(challenge().request)).status).toBe(200);
    for (const request of [{ path: '/state' }, { path: '/nothing' }, { path: '/ws', headers: upgradeHeaders }]) {
      const connection = await openRaw(pod.port);
      expect((await connection.ask({ path: '/healthz' })).status).toBe(200);
      const { status, body, head } = await connection.ask(request);
      expect(status).toBe(421);
      expect(head).toMatch(/^content-type: application\/problem\+json/im);
      expect(body).toMatchObject({ status: 421, code: 'unproven' });
      await connection.closed;
    }
    proven.destroy();
  });

  it('refuses the MAC of another key, and one that was used before on another connection', async () => {
    const pod = await startPod(native);
    const used = challenge();
    const first = await openRaw(pod.port);
    expect((await first.ask(used.request)).status).toBe(200);
    const other = challenge(randomBytes(32).toString('base64url'));
    const noMac = { path: identityPath, headers: { [identityHeaders.nonce]: used.nonce } };
    const shortMac = { path: identityPath, headers: { ...used.request.headers, [identityHeaders.mac]: 'x' } };
    for (const request of [other.request, used.request, noMac, shortMac]) {
      const connection = await openRaw(pod.port);
      const { status, body } = await connection.ask(request);
      expect(status).toBe(401);
      expect(JSON.stringify(body)).not.toContain(podKey);
      await connection.closed;
    }
    // The first connection is as proven as before.
    expect((await first.ask({ path: '/state' })).status).toBe(200);
    first.destroy();
  });

  it.each(['', 'short', 'not base64url!!!!', 'a'.repeat(129)])('refuses the nonce %j', async (nonce) => {
    const connection = await openRaw((await startPod(native)).port);
    const { status } = await connection.ask(challenge(podKey, nonce).request);
    expect(status).toBe(400);
    await connection.closed;
  });

  it('never writes its key', async () => {
    const pod = await startPod(native);
    const connection = await openRaw(pod.port);
    await connection.ask(challenge().request);
    connection.destroy();
    await pod.logged(({ path }) => path === identityPath);
    expect(JSON.stringify(pod.log())).not.toContain(podKey);
  });
});

describe('a session pod without a key', () => {
  it('asks for no proof', async () => {
    const connection = await openRaw((await startPod()).port);
    expect((await connection.ask({ path: '/state' })).status).toBe(200);
    connection.destroy();
  });
});
