import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import { type GatewayRig, type Token, startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { readyStatus } from '../../../../helpers/gateway/stub-runs.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig({ sessions: { tenantClaim: 'org', ownerClaim: 'sub' } });
}, 60_000);
afterAll(() => rig.stop());
beforeEach(() => {
  rig.runs.calls.length = 0;
  rig.runs.statuses.clear();
  rig.runs.failure = undefined;
  rig.runs.terminated = { phase: 'Gone', gone: true };
});

const alice = { subject: 'alice', claims: { org: 'one' } };
const bob = { subject: 'bob', claims: { org: 'one' } };
const admin = { subject: 'root', scopes: ['sessions:admin'], claims: { org: 'none' } };

interface Asked extends RequestInit {
  readonly as?: Token;
}

const ask = async (path: string, { as = alice, method = 'GET', body, headers }: Asked = {}) => {
  const authorization = `Bearer ${await tokenOf(as)}`;
  const all = { authorization, ...(headers as Record<string, string>) };
  const answer = await fetch(`${rig.url}/api/v1${path}`, { method, headers: all, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return { status: answer.status, text, json: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
};
/** Learned from what is asked of the runs: the key of a session of the caller. */
const keyOf = async (id: string, as: Token = alice): Promise<string> => {
  await ask(`/session/${id}/status`, { as });
  const [, key] = rig.runs.calls.pop()!;
  return key as string;
};
const start = async (id: string, as: Token = alice): Promise<string> => {
  const key = await keyOf(id, as);
  rig.runs.statuses.set(key, readyStatus(key, id));
  return key;
};

describe('the status of a session', () => {
  it('says how it stands and why it is alive, and starts nothing', async () => {
    const key = await start('a');
    const answer = await ask('/session/a/status');
    expect(answer).toMatchObject({
      status: 200,
      json: { state: 'Ready', sessionId: 'a', incarnation: 7, why: 'a request is in flight', ending: null },
    });
    expect(rig.runs.calls).toEqual([['status', key]]);
    expect(rig.forwarded).toEqual([]);
  });

  it('of none is 404', async () => {
    expect(await ask('/session/a/status')).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });
});

describe('a session of somebody else', () => {
  const withoutIds = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
  const extend = { method: 'POST', body: '{"seconds":5}', headers: { 'content-type': 'application/json' } };
  const questions: readonly (readonly [path: string, asked: Asked])[] = [
    ['/session/a/status', {}],
    ['/session/a', { method: 'DELETE' }],
    ['/session/a?force=true', { method: 'DELETE' }],
    ['/session/a/extend', extend],
  ];

  it.each(questions)('is answered as one that never was: %s %j', async (path, asked) => {
    await start('a');
    const others = await ask(path, { ...asked, as: bob });
    const none = await ask(path.replace('/a', '/never'), asked);
    expect(others.status).toBe(404);
    expect(withoutIds(others.text)).toBe(withoutIds(none.text));
    // The same is asked of Temporal, so the time it takes tells nothing either.
    const [first, second] = rig.runs.calls.map(([name, _key, ...more]) => [name, ...more]);
    expect(first).toEqual(second);
    expect(rig.runs.calls.length).toBe(2);
  });

  it('has another key, in another tenant too', async () => {
    const keys = [await keyOf('a'), await keyOf('a', bob), await keyOf('a', { ...alice, claims: { org: 'two' } })];
    expect(new Set(keys).size).toBe(3);
  });

  it.each(['GET', 'DELETE'])('is 404 by its key, whether there is one or not: %s', async (method) => {
    const key = await start('a', bob);
    rig.runs.calls.length = 0;
    const there = await ask(`/sessions/${key}`, { method });
    const none = await ask(`/sessions/${'a'.repeat(26)}`, { method });
    expect(there.status).toBe(404);
    expect(withoutIds(there.text)).toBe(withoutIds(none.text));
    expect(rig.runs.calls).toEqual([]);
  });
});

describe('ending a session', () => {
  it('is 204 when it is gone, and is asked without force', async () => {
    const key = await start('a');
    expect(await ask('/session/a', { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
    expect(rig.runs.calls).toEqual([['terminate', key, { force: false }]]);
  });

  it('names the session where a pod of it is there, so that one without a run is removed, too', async () => {
    const found = await startGatewayRig({
      routes: { notReady: () => undefined, find: (key) => ({ key }) as Route },
    });
    const authorization = `Bearer ${await tokenOf(alice)}`;
    await fetch(`${found.url}/api/v1/session/a`, { method: 'DELETE', headers: { authorization } });
    const [, key, options] = found.runs.calls[0]!;
    expect(options).toMatchObject({ force: false, target: { key, sessionId: 'a' } });
    await found.stop();
  });

  it('is 202 with its state when it takes longer', async () => {
    await start('a');
    rig.runs.terminated = { phase: 'Draining', gone: false };
    const answer = await ask('/session/a?force=true', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 202, json: { state: 'Draining' } });
    expect(rig.runs.calls[0]?.[2]).toEqual({ force: true });
  });

  it.each(['?force=yes', '?forced=true', '?force=true&force=false'])('is 400 with %s', async (query) => {
    const answer = await ask(`/session/a${query}`, { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_request' } });
    expect(rig.runs.calls).toEqual([]);
  });
});

describe('keeping a session for longer', () => {
  const post = (body: string, type = 'application/json') =>
    ask('/session/a/extend', { method: 'POST', body, headers: { 'content-type': type } });

  it('says until when', async () => {
    const key = await start('a');
    expect(await post('{"seconds":60}')).toMatchObject({
      status: 200,
      json: { keptUntil: '2026-01-01T01:00:00.000Z' },
    });
    expect(rig.runs.calls).toEqual([['extend', key, 60]]);
  });

  it.each([
    '{"seconds":0}',
    '{"seconds":1.5}',
    '{"seconds":"5"}',
    '{}',
    '[]',
    '{"seconds":5,"more":1}',
    '{',
    '',
    '\xff',
  ])('is 400 with the body %s', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, json: { code: 'invalid_request' } });
    expect(rig.runs.calls).toEqual([]);
  });

  it('takes JSON, and not much of it', async () => {
    expect(await post('seconds=5', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
    expect(await post(`{"seconds":5${' '.repeat(5000)}}`)).toMatchObject({
      status: 413,
      json: { code: 'body_too_large' },
    });
  });

  it('is 409 while it is being ended', async () => {
    rig.runs.failure = new Problem('session_ending');
    expect(await post('{"seconds":5}')).toMatchObject({ status: 409, json: { code: 'session_ending' } });
  });
});

describe('the list of sessions', () => {
  it("is of the caller's own", async () => {
    await ask('/sessions');
    await ask('/sessions', { as: bob });
    const [[, first], [, second]] = rig.runs.calls as [
      [string, { ownerHash: string }],
      [string, { ownerHash: string }],
    ];
    expect(first).toEqual({ ownerHash: expect.stringMatching(/^[0-9a-f]{32}$/), limit: 50 });
    expect(second.ownerHash).not.toBe(first.ownerHash);
  });

  it('is of all for an administrator who asks for all, page by page', async () => {
    expect(await ask('/sessions?all=true&limit=5&cursor=x', { as: admin })).toMatchObject({
      status: 200,
      json: { sessions: [], cursor: null },
    });
    expect(rig.runs.calls).toEqual([['list', { limit: 5, cursor: 'x' }]]);
  });

  it('of all is 403 for others', async () => {
    expect(await ask('/sessions?all=true')).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect(rig.runs.calls).toEqual([]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'all=1', 'page=2'])('is 400 with %s', async (query) => {
    expect(await ask(`/sessions?${query}`)).toMatchObject({ status: 400, json: { code: 'invalid_request' } });
  });
});

describe('an administrator', () => {
  it('sees and ends any session by its key', async () => {
    const key = await start('a');
    expect(await ask(`/sessions/${key}`, { as: admin })).toMatchObject({ status: 200, json: { sessionId: 'a' } });
    expect(await ask(`/sessions/${key}`, { as: admin, method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(rig.runs.calls).toEqual([
      ['status', key],
      ['terminate', key, { force: false }],
    ]);
  });
});

describe('Temporal away', () => {
  it('is 503 with when to come again', async () => {
    rig.runs.failure = new Problem('orchestrator_unavailable');
    expect(await ask('/session/a/status')).toMatchObject({ status: 503, json: { retryable: true } });
  });
});
