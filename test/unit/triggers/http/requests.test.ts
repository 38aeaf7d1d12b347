import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { AddRoutes } from '../../../../triggers/http/http-app.ts';
import { Problem } from '../../../../triggers/http/problems/problem.ts';
import { type BareApp, startBareApp } from '../../../helpers/http/bare-app.ts';

let thrown: unknown;

const schema = { operationId: 'echo', summary: 'Echo', description: 'Echo.' };
const routes: AddRoutes = (app) => {
  app.route({
    method: 'POST',
    url: '/echo',
    config: { scope: 'public' },
    schema: {
      ...schema,
      querystring: z.object({ limit: z.coerce.number().int().max(10).optional() }),
      headers: z.object({ 'x-mode': z.enum(['a', 'b']).optional() }),
      body: z
        .object({
          item: z.object({ metadata: z.object({ uid: z.string(), labels: z.record(z.string(), z.string()) }) }),
        })
        .optional(),
    },
    handler: ({ body }) => ({ body: body ?? null }),
  });
  app.route({
    method: 'GET',
    url: '/things/:id/parts/*',
    config: { scope: 'public' },
    schema: { hide: true, params: z.object({ id: z.string().max(5), '*': z.string() }) },
    handler: ({ params }) => params,
  });
  app.route({
    method: 'POST',
    url: '/bodiless',
    config: { scope: 'public' },
    schema: { hide: true },
    handler: () => ({}),
  });
  app.route({
    method: 'GET',
    url: '/fail',
    config: { scope: 'public' },
    schema: { hide: true },
    handler: () => {
      throw thrown;
    },
  });
  app.route({
    method: 'GET',
    url: '/lies',
    config: { scope: 'public' },
    schema: { hide: true, response: { 200: z.object({ count: z.number().max(3) }) } },
    handler: () => ({ count: 4 }),
  });
};

interface ProblemBody {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly { path: string; message: string }[];
}

let bare: BareApp;
beforeAll(async () => {
  bare = await startBareApp({ routes: [routes] });
});
afterAll(() => bare.close());

const send = (path: string, init: RequestInit = {}) => fetch(bare.origin + path, init);
const post = (body: string, headers: Record<string, string> = {}) =>
  send('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const problem = async (answer: Response | Promise<Response>) => {
  const response = await answer;
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as ProblemBody;
  expect(body).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') });
  return { status: response.status, headers: response.headers, ...body };
};

describe('a faulty request', () => {
  it('is told each place that is wrong', async () => {
    const { status, code, errors } = await problem(
      post(JSON.stringify({ item: { metadata: { labels: { 'app.kubernetes.io/name': 1, tier: 2 } } } })),
    );
    expect({ status, code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(errors).toEqual([
      { path: 'body.item.metadata.uid', message: 'is missing; expected string' },
      { path: 'body.item.metadata.labels["app.kubernetes.io/name"]', message: expect.any(String) },
      { path: 'body.item.metadata.labels.tier', message: expect.any(String) },
    ]);
  });

  it.each([
    ['/echo?limit=11', {}, 'query.limit'],
    ['/echo?limit=many', {}, 'query.limit'],
    ['/echo', { 'x-mode': 'c' }, 'headers.x-mode'],
  ])('is told its place in the query string and the headers: %s %j', async (path, headers, place) => {
    const { code, errors } = await problem(send(path, { method: 'POST', headers: headers as Record<string, string> }));
    expect(code).toBe('invalid_request');
    expect(errors?.[0]?.path).toBe(place);
  });

  it('is told its place in the path', async () => {
    const { errors } = await problem(send('/things/toolong/parts/x'));
    expect(errors?.[0]?.path).toBe('path.id');
  });

  it.each([
    ['half a document', '{"item":', 'body is not valid JSON'],
    ['another language', 'item: 1', 'body is not valid JSON'],
    ['a prototype', '{"__proto__":{"admin":true}}', 'body is not valid JSON'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}', 'body is not valid JSON'],
    ['endless nesting', '['.repeat(100_000), 'body is nested deeper than 64 levels'],
    ['deep nesting', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'body is nested deeper than 64 levels'],
  ])('is refused with 400 for %s', async (_title, body, message) => {
    const { status, code, errors } = await problem(post(body));
    expect({ status, code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(`${errors?.[0]?.path} ${errors?.[0]?.message}`).toContain(message);
  });

  it('may hold as many brackets in strings and side by side as it likes', async () => {
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_none, index) => [`k${index}`, '[{"[{\\']));
    const answer = await post(JSON.stringify({ item: { metadata: { uid: 'u', labels } } }));
    expect(answer.status).toBe(200);
  });

  it('may leave out an optional body, with a content type too', async () => {
    expect((await send('/echo', { method: 'POST' })).status).toBe(200);
    expect((await post('')).status).toBe(200);
    expect((await post(' \n')).status).toBe(200);
    expect((await post('', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(200);
  });

  it('may come with any body where none is taken', async () => {
    for (const body of ['{', 'x'.repeat(2_000_000)]) {
      const answer = await send('/bodiless', { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
      expect(answer.status).toBe(200);
    }
  });

  it('is refused with 413 when its body has more than 1 MiB', async () => {
    const { status, code } = await problem(post(JSON.stringify('x'.repeat(1024 * 1024))));
    expect({ status, code }).toEqual({ status: 413, code: 'body_too_large' });
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/merge-patch+json', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('is refused with 415 for %s %j', async (type, headers) => {
    const { status, code } = await problem(post('{}', { ...headers, 'content-type': type }));
    expect({ status, code }).toEqual({ status: 415, code: 'unsupported_media_type' });
  });

  it('is refused with 400 for a path that is no text', async () => {
    expect(await problem(send('/things/%E0%A4%A/parts/x'))).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('an address', () => {
  it('that is not there is 404', async () => {
    expect(await problem(send('/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('that takes other methods is 405, and says which', async () => {
    const { status, code, headers } = await problem(send('/echo', { method: 'DELETE' }));
    expect({ status, code, allow: headers.get('allow') }).toEqual({
      status: 405,
      code: 'method_not_allowed',
      allow: 'POST',
    });
    const nested = await problem(send('/things/a/parts/b/c', { method: 'PUT' }));
    expect(nested.headers.get('allow')).toBe('GET, HEAD');
  });

  it('may hold a parameter as long as a run id', async () => {
    const rest = 'x'.repeat(900);
    const answer = await send(`/things/a/parts/${rest}`);
    expect(await answer.json()).toEqual({ id: 'a', '*': rest });
  });
});

describe('a failure', () => {
  const fail = (error: unknown) => {
    thrown = error;
    return problem(send('/fail'));
  };

  it('nobody foresaw is 500, without what went wrong, which the log has under the requestId', async () => {
    const { status, code, detail, requestId } = await fail(new Error('the password is swordfish'));
    expect({ status, code }).toEqual({ status: 500, code: 'internal_error' });
    expect(detail).not.toContain('swordfish');
    const line = bare.log
      .lines()
      .find((entry) => entry['requestId'] === requestId && entry['msg'] === 'request failed');
    expect(JSON.stringify(line)).toContain('swordfish');
  });

  it('of an answer that is not as documented is 500 too', async () => {
    expect(await problem(send('/lies'))).toMatchObject({ status: 500, code: 'internal_error' });
  });

  it.each([[14], [4], [8], [1]])('of Temporal with gRPC status %i is 503, with a wait of 2 to 5 s', async (grpc) => {
    const cause = Object.assign(new Error('14 UNAVAILABLE: 10.0.0.1:7233'), { code: grpc, details: 'x', metadata: {} });
    for (const error of [cause, new Error('wrapped', { cause })]) {
      const { status, code, detail, headers } = await fail(error);
      expect({ status, code }).toEqual({ status: 503, code: 'temporal_unavailable' });
      expect(detail).not.toContain('10.0.0.1');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(2);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(5);
    }
  });

  it('of Temporal that says the request was wrong is a bug of ours', async () => {
    const error = Object.assign(new Error('3 INVALID_ARGUMENT'), { code: 3, details: 'x' });
    expect(await fail(error)).toMatchObject({ status: 500, code: 'internal_error' });
  });

  it('to find a run is 404', async () => {
    expect(await fail(new WorkflowNotFoundError('gone', 'id', undefined))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it('that is busy asks to wait 5 to 15 s, spread, or as long as is known', async () => {
    const waits = new Set<number>();
    for (let tries = 0; tries < 60; tries += 1) {
      waits.add(Number((await fail(new Problem('dispatch_full'))).headers.get('retry-after')));
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15);
    expect(waits.size).toBeGreaterThan(4);
    const known = await fail(new Problem('dispatch_full', { retryAfterSeconds: 41.2 }));
    expect(known.headers.get('retry-after')).toBe('42');
  });

  it('with a statusCode of another library is a bug, not an answer', async () => {
    const error = Object.assign(new Error('teapot'), { statusCode: 404, code: 'ERR_OTHER' });
    expect(await fail(error)).toMatchObject({ status: 500 });
  });
});

describe('a request id', () => {
  it.each(['abc-1.2_3:4', 'A'.repeat(128)])('of the caller is kept: %s', async (id) => {
    const answer = await send('/nothing', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(bare.log.lines().some((line) => line['requestId'] === id)).toBe(true);
  });

  it.each(['a b', 'x'.repeat(129), '{"a":1}', ''])('that is odd is replaced: %j', async (id) => {
    const answer = await send('/nothing', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('metrics', () => {
  it('count by the pattern of the route, never by the path or an odd method', async () => {
    await send('/things/a/parts/b');
    await send('/nothing/secret-path');
    await send('/echo', { method: 'PROPFIND' });
    const text = await bare.dependencies.metrics.registry.metrics();
    expect(text).toContain('podkeeper_http_requests_total{route="/things/:id/parts/*",method="GET",status="200"}');
    expect(text).toContain('podkeeper_http_requests_total{route="unknown",method="other",status="405"}');
    expect(text).toContain('podkeeper_http_request_duration_seconds_count{route="/things/:id/parts/*"}');
    expect(text).not.toContain('secret-path');
  });
});
