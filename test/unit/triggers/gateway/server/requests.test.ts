import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenVerifier } from '../../../../../platform/auth/token-verifier.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import {
  type GatewayRig,
  audience,
  echo,
  issuer,
  secret,
  startGatewayRig,
  tokenOf,
} from '../../../../helpers/gateway/gateway-rig.ts';
import { until } from '../../../../helpers/sessions/rig/until.ts';
import { sendRaw } from '../../../../helpers/gateway/raw-http.ts';

let rig: GatewayRig;
let token: string;
beforeAll(async () => {
  rig = await startGatewayRig();
  token = await tokenOf();
}, 60_000);
afterAll(() => rig.stop());
beforeEach(() => rig.answerBy(echo));

const ask = async (path: string, { method = 'GET', headers = {}, body }: RequestInit = {}) => {
  const all = { authorization: `Bearer ${token}`, ...(headers as Record<string, string>) };
  const answer = await fetch(`${rig.url}${path}`, { method, headers: all, ...(body !== undefined && { body }) });
  const text = await answer.text();
  const json = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, json, headers: answer.headers };
};
const json = { 'content-type': 'application/json' };

describe('a request to a session', () => {
  it('is handed on with who sends it, and whose session it is', async () => {
    const answer = await ask('/api/v1/session/a~1/proxy/x/y?q=1', { headers: { 'x-podkeeper-class': 'large' } });
    expect(answer.json).toEqual({ path: '/x/y?q=1', bytes: 0 });
    expect(rig.forwarded.at(-1)).toMatchObject({
      caller: { subject: 'alice', tenant: '', owner: 'alice', admin: false, classes: null },
      target: { sessionId: 'a~1', askedClass: 'large', class: { name: 'large' }, tenant: '' },
      clientAddress: '127.0.0.1',
      protocol: 'http',
    });
    const { target } = rig.forwarded.at(-1)!;
    expect(target.key).toMatch(/^[a-z2-7]{26}$/);
    for (const hash of [target.tenantHash, target.ownerHash]) expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is held to the classes that its token names, whatever the session has', async () => {
    const authorization = `Bearer ${await tokenOf({ claims: { podkeeper_classes: ['default'] } })}`;
    await ask('/api/v1/session/a/proxy/', { headers: { authorization } });
    expect(rig.forwarded.at(-1)!.target.allowedClasses).toEqual(new Set(['default']));
  });

  it('has the default class when it names none', async () => {
    await ask('/api/v1/session/a/proxy/');
    expect(rig.forwarded.at(-1)!.target).toMatchObject({ askedClass: null, class: { name: 'default' } });
  });

  it('to execute reaches /execute of the pod', async () => {
    const answer = await ask('/api/v1/session/a/execute', { method: 'POST', headers: json, body: '{"a":1}' });
    expect(answer.json).toEqual({ path: '/execute', bytes: 7 });
  });

  it('is refused as what is not JSON where JSON is asked for', async () => {
    const answer = await ask('/api/v1/session/a/execute', { method: 'POST', body: 'a=1' });
    expect(answer).toMatchObject({ status: 415, json: { code: 'unsupported_media_type' } });
  });

  it.each([
    ['GET', '/api/v1/session/a/execute', 'POST'],
    ['POST', '/api/v1/session/a/status', 'GET, HEAD'],
    ['GET', '/api/v1/session/a/extend', 'POST'],
    ['PUT', '/api/v1/session/a', 'DELETE'],
    ['POST', '/api/v1/sessions', 'GET, HEAD'],
    ['DELETE', '/health', 'GET, HEAD'],
  ])('is 405 with what is allowed: %s %s', async (method, path, allow) => {
    const answer = await ask(path, { method });
    expect(answer).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it.each(['/', '/api/v1/session/a/other', '/api/v1/sessions/short', '/metrics'])('is 404 at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it('is 400 invalid_session_id without one', async () => {
    expect(await ask('/api/v1/session/.a/status')).toMatchObject({ status: 400, json: { code: 'invalid_session_id' } });
  });

  it('of a class that is not configured is 400 and names it', async () => {
    const answer = await ask('/api/v1/session/a/proxy/', { headers: { 'x-podkeeper-class': 'huge' } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_request' } });
    expect(answer.json?.['detail']).toContain('"huge"');
  });

  it('of a class that the token does not allow is 403', async () => {
    const only = async (classes: unknown, asked?: string) => {
      const authorization = `Bearer ${await tokenOf({ claims: { podkeeper_classes: classes } })}`;
      const headers = { authorization, ...(asked !== undefined && { 'x-podkeeper-class': asked }) };
      return (await ask('/api/v1/session/a/proxy/', { headers })).status;
    };
    expect(await only(['large'], 'large')).toBe(200);
    expect(await only('default large', 'large')).toBe(200);
    expect(await only(['large'], 'default')).toBe(403);
    expect(await only(['large'])).toBe(403);
    expect(await only([])).toBe(403);
    expect(await only('')).toBe(403);
    expect(await only(['large'], 'huge')).toBe(403);
    expect(await only({ large: true }, 'large')).toBe(401);
    expect(await only([1], 'large')).toBe(401);
  });

  it('keeps a request id that is sound, and gets one otherwise', async () => {
    const id = async (given: string) =>
      (await ask('/', { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    expect(await id('mine-1')).toBe('mine-1');
    expect(await id('not <mine>')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('in HTTP/1.0 is answered, and its connection closed', async () => {
    const head = `GET /api/v1/session/a/proxy/ HTTP/1.0\r\nHost: here\r\nConnection: keep-alive\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const { statuses, closed, text } = await sendRaw({ port: rig.port, parts: [head] });
    expect({ statuses, closed }).toEqual({ statuses: [200], closed: true });
    expect(text).not.toMatch(/transfer-encoding/i);
  });
});

describe('a problem', () => {
  it('of the proxy is told as a document, with when to come again', async () => {
    for (const [code, least, most] of [
      ['tenant_limit', 5, 15],
      ['starting', 2, 5],
    ] as const) {
      rig.answerBy(() => Promise.reject(new Problem(code, { detail: 'Why.' })));
      const answer = await ask('/api/v1/session/a/proxy/');
      expect(answer.json).toMatchObject({ code, detail: 'Why.', retryable: true, requestId: expect.any(String) });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const wait = Number(answer.headers.get('retry-after'));
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(most);
    }
  });

  it('that nobody foresaw is 500 and tells nothing of it; the log does', async () => {
    rig.answerBy(() => Promise.reject(new Error('secret words')));
    const answer = await ask('/api/v1/session/a/proxy/');
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal_error' } });
    expect(JSON.stringify(answer.json)).not.toContain('secret words');
    expect(rig.log.text()).toContain('secret words');
  });

  it('after the answer began cuts the connection', async () => {
    rig.answerBy((_exchange, response) => {
      response.writeHead(200, ['Content-Length', '100']);
      response.write('half');
      return Promise.reject(new Error('half way'));
    });
    await expect(ask('/api/v1/session/a/proxy/')).rejects.toThrow();
  });

  it('is what a request without an answer becomes', async () => {
    rig.answerBy(() => Promise.resolve());
    expect(await ask('/api/v1/session/a/proxy/')).toMatchObject({ status: 500, json: { code: 'internal_error' } });
  });

  it('names no session in the log', async () => {
    rig.answerBy(() => Promise.reject(new Problem('connect_failed', { cause: new Error('s-key of very-own-id') })));
    await ask('/api/v1/session/very-own-id/proxy/');
    expect(rig.log.text()).not.toContain('very-own-id');
    expect(rig.log.text()).not.toContain(token);
  });

  it('is counted by its code', async () => {
    rig.answerBy(() => Promise.reject(new Problem('too_many_waiters')));
    await ask('/api/v1/session/a/proxy/');
    const text = await rig.metrics.registry.metrics();
    expect(text).toContain('podkeeper_session_rejections_total{code="too_many_waiters"} 1');
    expect(text).toContain('session_request_duration_seconds_count{code="too_many_waiters"} 1');
  });
});

describe('a request that is refused before its body has come', () => {
  const head = (more: string) => `POST /api/v1/session/a/execute HTTP/1.1\r\nHost: here\r\n${more}\r\n`;

  it('keeps its connection when the rest is small', async () => {
    const parts = [head('Content-Length: 5\r\n') + 'hello', 'GET /health HTTP/1.1\r\nHost: here\r\n\r\n'];
    const { statuses } = await sendRaw({ port: rig.port, parts, pauseMs: 50, until: (text) => text.endsWith('"ok"}') });
    expect(statuses).toEqual([401, 200]);
  });

  it('is answered and closed when the rest is big', async () => {
    const parts = [head('Content-Length: 300000\r\n'), 'x'.repeat(100_000), 'x'.repeat(200_000)];
    const { statuses, closed } = await sendRaw({ port: rig.port, parts, pauseMs: 50, waitMs: 5000 });
    expect({ statuses, closed }).toEqual({ statuses: [401], closed: true });
  });

  it('is answered and closed when the rest never comes', async () => {
    const parts = [head('Transfer-Encoding: chunked\r\n'), '5\r\nhe'];
    const { statuses, closed } = await sendRaw({ port: rig.port, parts, waitMs: 10_000 });
    expect({ statuses, closed }).toEqual({ statuses: [401], closed: true });
  }, 30_000);

  it('is not told to go on first', async () => {
    const { text } = await sendRaw({
      port: rig.port,
      parts: [head('Expect: 100-continue\r\nContent-Length: 5\r\n')],
      waitMs: 5000,
    });
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
  }, 30_000);
});

describe('connections of one client', () => {
  it('are refused above the bound, and taken again when others are closed', async () => {
    const small = await startGatewayRig({ limits: { socketsPerClient: 3 } });
    const get = 'GET /health HTTP/1.1\r\nHost: here\r\n\r\n';
    const held = Array.from({ length: 3 }, () => sendRaw({ port: small.port, parts: [get], waitMs: 1000 }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const more = await sendRaw({ port: small.port, parts: [get] });
    expect(more).toMatchObject({ statuses: [429], closed: true });
    for (const { statuses } of await Promise.all(held)) expect(statuses).toEqual([200]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const again = await sendRaw({ port: small.port, parts: [get], until: (text) => text.endsWith('}') });
    expect(again.statuses).toEqual([200]);
    await small.stop();
  }, 30_000);
});

describe('a body that its client sends only when told to', () => {
  it.each([
    ['extend', 404],
    ['execute', 200],
  ])('is asked for: %s', async (action, status) => {
    const body = JSON.stringify({ seconds: 60 });
    const head = [
      `POST /api/v1/session/a/${action} HTTP/1.1`,
      'Host: here',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Expect: 100-continue',
    ];
    const socket = connect(rig.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write(body);
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await until(() => text.includes(`HTTP/1.1 ${status}`), { seconds: 5 });
    socket.destroy();
  });
});

describe('a body that is missing', () => {
  it('is said at once, also when nothing announces it', async () => {
    const head = ['POST /api/v1/session/a/extend HTTP/1.1', 'Host: here', `Authorization: Bearer ${token}`];
    const text = [...head, 'Content-Type: application/json', 'Connection: close'].join('\r\n');
    const answer = await sendRaw({ port: rig.port, parts: [`${text}\r\n\r\n`], waitMs: 5000 });
    expect(answer).toMatchObject({ statuses: [400], closed: true });
  });
});

describe('health', () => {
  it('is public, and says when nothing should be sent here', async () => {
    const routes: { problem?: string } = {};
    const other = await startGatewayRig({ routes: { notReady: () => routes.problem, find: () => undefined } });
    const health = async () => (await fetch(`${other.url}/health`)).status;
    expect(await health()).toBe(200);
    routes.problem = 'no list yet';
    expect(await health()).toBe(503);
    await other.stop();
  });
});

describe('a token that expires while its request is answered', () => {
  it('ends the answer when that is asked for', async () => {
    const other = await startGatewayRig({
      closeOnTokenExpiry: true,
      // A verifier's skew, taken off again: tests don't wait half a minute.
      verify: async (text) => {
        const verified = await createTokenVerifier({ secrets: [secret], issuer, audience })(text);
        return { ...verified, expiresAt: new Date(Date.now() - 29_000) };
      },
    });
    other.answerBy(() => new Promise(() => undefined));
    const answer = await fetch(`${other.url}/api/v1/session/a/proxy/`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
    await answer.text();
    // Else one that waits for its pod would still be sent there.
    expect(other.forwarded[0]!.signal.reason).toMatchObject({ code: 'unauthenticated' });
    await other.stop();
  }, 30_000);
});
