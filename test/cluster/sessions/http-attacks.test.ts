import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { sendRaw } from '../../helpers/gateway/raw-http.ts';
import { smugglingAttempts } from '../../helpers/gateway/smuggling-attempts.ts';
import type { SessionAnswer, SessionClient } from '../../helpers/sessions/rig/client/session-client.ts';
import { executePatiently } from '../../helpers/sessions/rig/client/execute-patiently.ts';
import { until } from '../../helpers/sessions/rig/until.ts';
import { type SessionRig, startSessionRig } from '../../helpers/sessions/rig/session-rig.ts';

jest.setTimeout(180_000);

const environment = await sharedEnvironment();
const idleTimeoutSeconds = 600;
/** Nothing else is called so: found in a log, they were logged. */
const victimId = 'victim-7f3a91';
const lureId = 'lure-c04d22';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const secret = randomBytes(32).toString('base64url');
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = Math.floor(Date.now() / 1000);
const claims = { iss: 'podkeeper', aud: 'podkeeper', sub: 'alice', exp: nowSeconds + 3600 };
const sign = (payload: object, key: string | Buffer = secret, header: object = { alg: 'HS256' }) => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
};

describe('attacks on a gateway while a session is used over it', () => {
  let rig: SessionRig;
  let folder: string;
  let port: number;
  let alice: SessionClient;
  let mallory: SessionClient;
  let first: SessionAnswer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podkeeper-attacks-'));
    const keys = join(folder, 'jwks.json');
    await writeFile(keys, JSON.stringify({ keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one' }] }));
    rig = await startSessionRig(environment, {
      node: 'simulated',
      gateways: 1,
      class: { idleTimeoutSeconds },
      env: { AUTH_TOKEN_SECRET_PREVIOUS: secret, AUTH_JWKS_FILE: keys },
    });
    port = Number(new URL(rig.origin(0)).port);
    [alice, mallory] = (await Promise.all(['alice', 'mallory'].map((owner) => rig.client({ owner })))) as [
      SessionClient,
      SessionClient,
    ];
    first = await executePatiently(alice, victimId, { body: { number: 0 }, seconds: 120 });
    expect(first.status).toBe(200);
    expect((await executePatiently(mallory, lureId, { body: {}, seconds: 120 })).status).toBe(200);
  });
  afterAll(async () => {
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Uses the session without a pause until it is stopped; answers what was not the victim's own. */
  const useSession = () => {
    const wrong: string[] = [];
    let [number, stopped] = [0, false];
    const using = (async () => {
      while (!stopped) {
        number += 1;
        const { status, json, row, text } = await alice.execute(victimId, { number });
        const own = row.pod?.podUid === first.row.pod?.podUid;
        const echo = (json as { echo?: { number?: number } } | undefined)?.echo?.number;
        if (status !== 200 || !own || echo !== number) wrong.push(`${number}: ${status} ${text}`);
      }
    })();
    return async () => {
      stopped = true;
      await using;
      return { number, wrong };
    };
  };
  /** What pods of this test logged, by themselves. */
  const reached = async () => {
    const own = new Set(rig.witness.changes().map(({ uid }) => uid));
    const { podRequests } = await rig.witness.evidence();
    return podRequests.filter(({ podUid }) => podUid !== null && own.has(podUid));
  };

  it('smuggle nothing to any pod, answer nothing of ours above 499, and never touch its answers', async () => {
    const stop = useSession();
    const answers: string[] = [];
    // Each as its own connection, a few at a time: they race for the gateway's connections to the pod.
    const attempts = [...smugglingAttempts, ...smugglingAttempts].entries();
    const attack = async () => {
      for (const [number, { name, bytes, statuses }] of attempts) {
        const auth = `Authorization: Bearer ${sign({ ...claims, sub: 'mallory' })}\r\n`;
        const base = `/api/v1/session/${lureId}/proxy`;
        const smuggled = `GET ${base}/smuggled-${number} HTTP/1.1\r\nHost: here\r\n${auth}\r\n`;
        const { statuses: got, text } = await sendRaw({ port, parts: [bytes({ auth, base, smuggled })], waitMs: 8000 });
        const same = got.length === statuses.length && got.every((status, index) => status === statuses[index]);
        if (!same) answers.push(`${name}: ${String(got)} instead of ${String(statuses)}: ${text.slice(0, 300)}`);
      }
    };
    await Promise.all([attack(), attack(), attack(), attack()]);
    const { number, wrong } = await stop();
    expect(answers).toEqual([]);
    expect(wrong).toEqual([]);
    expect(number).toBeGreaterThan(10);
    // Pods log an answer once it is over, in turn: when this one is there, whatever had come through before is there too.
    expect((await mallory.get(lureId, 'afterwards')).status).toBe(404);
    const pathsReached = async () => new Set((await reached()).map(({ path }) => path));
    const paths = await until(pathsReached, { seconds: 20, when: (all) => all.has('/afterwards') });
    expect(paths).toEqual(new Set(['/execute', '/mirror', '/.podkeeper/identity', '/afterwards']));
  });

  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  it.each([
    ['none', undefined],
    ['another scheme', `Basic ${Buffer.from('alice:x').toString('base64')}`],
    ['an expired one', `Bearer ${sign({ ...claims, exp: nowSeconds - 60 })}`],
    ['another audience', `Bearer ${sign({ ...claims, aud: 'elsewhere' })}`],
    ['another issuer', `Bearer ${sign({ ...claims, iss: 'elsewhere' })}`],
    ['another secret', `Bearer ${sign(claims, randomBytes(32))}`],
    ['alg none', `Bearer ${encode({ alg: 'none' })}.${encode(claims)}.`],
    ['alg none, signed', `Bearer ${sign(claims, secret, { alg: 'none' })}`],
    ['the public key as a secret', `Bearer ${sign(claims, String(publicPem), { alg: 'HS256', kid: 'one' })}`],
    ['RS256, signed by the secret', `Bearer ${sign(claims, secret, { alg: 'RS256', kid: 'one' })}`],
    [
      'a payload that was changed',
      `Bearer ${sign({ ...claims, sub: 'mallory' }).replace(/\..*\./, `.${encode(claims)}.`)}`,
    ],
  ])('need a token: %s reaches no session', async (_name, authorization) => {
    const before = (await reached()).length;
    for (const path of ['execute', 'proxy/mirror', 'status', 'extend', '']) {
      const method = path === '' ? 'DELETE' : path === 'status' ? 'GET' : 'POST';
      const answer = await fetch(`${rig.origin(0)}/api/v1/session/${victimId}${path === '' ? '' : `/${path}`}`, {
        method,
        headers: { ...(authorization !== undefined && { authorization }), 'content-type': 'application/json' },
        ...(method === 'POST' && { body: '{"seconds": 60}' }),
      });
      expect([path, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        path,
        401,
        'unauthenticated',
      ]);
    }
    expect((await reached()).length).toBe(before);
  });

  it("find no other owner's session, by its id or its key", async () => {
    const key = first.row.pod!.sessionKey!;
    const admin = await rig.client({ owner: 'root', scope: 'sessions:admin' });
    for (const client of [mallory, admin]) {
      expect(await client.status(victimId)).toMatchObject({ status: 404, code: 'not_found' });
      expect(await client.remove(victimId, true)).toMatchObject({ status: 404, code: 'not_found' });
      const extended = await client.call({ id: victimId, path: 'extend', body: { seconds: 60 } });
      expect(extended).toMatchObject({ status: 404, code: 'not_found' });
    }
    const byKey = async (method: string) => {
      const authorization = `Bearer ${sign({ ...claims, sub: 'mallory' })}`;
      const answer = await fetch(`${rig.origin(0)}/api/v1/sessions/${key}`, { method, headers: { authorization } });
      return [answer.status, await answer.text()] as const;
    };
    for (const method of ['GET', 'DELETE']) expect((await byKey(method))[0]).toBe(404);
    // The id is free for everybody: it is another session, with another pod.
    const own = await executePatiently(mallory, victimId, { body: {}, seconds: 120 });
    expect(own).toMatchObject({ status: 200, json: { count: 1 } });
    expect(own.row.pod?.podUid).not.toBe(first.row.pod?.podUid);
    expect((await alice.status(victimId)).status).toBe(200);
  });

  it('leave no ids, keys or tokens in logs and metrics', async () => {
    const metrics = await (await fetch(`${rig.gateways[0]!.healthOrigin}/metrics`)).text();
    const texts = [await rig.gateways[0]!.log(), await rig.workers[0]!.log(), metrics];
    for (const text of texts) {
      for (const { sessionKey } of rig.witness.changes()) expect(text).not.toContain(sessionKey);
      for (const hidden of [victimId, lureId, secret, 'eyJ']) expect(text).not.toContain(hidden);
    }
    expect(await rig.witness.check({ idleTimeoutSeconds, limit: 1000, graceSeconds: 30 })).toEqual([]);
  });
});
