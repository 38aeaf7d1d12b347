import { afterEach, describe, expect, it } from '@jest/globals';
import { json, noContent, refusal, createStandIns } from './gateway-stand-in.ts';

const { start, closeAll } = createStandIns();
afterEach(closeAll);

const key = 'abcdefghijklmnopqrstuvwxyz';
const now = () => new Date('2026-01-01T00:00:00Z');
const row = {
  key,
  sessionId: 'ann-1',
  class: 'default',
  state: 'Ready',
  tenant: 'blue',
  since: '2025-12-31T23:00:00Z',
  pod: 's-pod-1',
};
const status = {
  state: 'Ready',
  ending: null,
  key,
  sessionId: 'ann-1',
  class: 'default',
  incarnation: 5,
  pod: { namespace: 'sessions', name: 's-pod-1', uid: 'u', address: '10.0.0.1' },
  since: '2025-12-31T23:50:00Z',
  idleCheckAt: '2026-01-01T00:05:00Z',
  endsAt: '2026-01-01T08:00:00Z',
  why: 'At the last look, a request is in flight.',
  keep: 'request-in-flight',
  heals: 1,
  failure: null,
};

describe('podkeeper sessions list', () => {
  it('prints one table of all pages', async () => {
    const gateway = await start(
      json({ sessions: [row], cursor: 'next page' }),
      json({ sessions: [{ ...row, sessionId: 'ann-2', pod: null, state: 'Starting' }], cursor: null }),
    );
    const { code, stdout } = await gateway.run(['list'], { now });
    expect(code).toBe(0);
    expect(stdout).toMatch(/SESSION +STATE +CLASS +AGE +POD\nann-1 +Ready +default +60 min +s-pod-1\nann-2 +Starting/);
    expect(gateway.seen.map(({ url }) => url)).toEqual([
      '/api/v1/sessions?limit=100',
      '/api/v1/sessions?limit=99&cursor=next+page',
    ]);
    expect(gateway.seen[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  it("shows keys and tenants with everybody's, and says when there are more", async () => {
    const gateway = await start(json({ sessions: [row], cursor: 'more' }));
    const { stdout, faults } = await gateway.run(['list', '--all', '--limit', '1'], { now });
    expect(stdout).toContain(`${key}  blue`);
    expect(faults).toEqual(['There are more than these 1: --limit shows more.']);
    expect(gateway.seen.map(({ url }) => url)).toEqual(['/api/v1/sessions?limit=1&all=true']);
  });

  it('prints an object a line as JSON, and how to begin when there is none', async () => {
    const gateway = await start(json({ sessions: [row], cursor: null }), json({ sessions: [], cursor: null }));
    expect(JSON.parse((await gateway.run(['list', '-o', 'json'])).stdout)).toEqual(row);
    const { stdout, faults } = await gateway.run(['list']);
    expect(stdout).toBe('');
    expect(faults.join()).toContain('podkeeper sessions exec my-session');
  });
});

describe('podkeeper sessions show', () => {
  it('says in sentences why a session is alive', async () => {
    const gateway = await start(json(status));
    const { stdout } = await gateway.run(['show', 'ann-1'], { now });
    expect(stdout.split('\n')).toEqual([
      'Session ann-1 (class default, 10 min old) is Ready.',
      'Why it is alive: At the last look, a request is in flight.',
      'That is a request that is being answered, a stream, or an open WebSocket. The idle time-out begins when the last one is over.',
      'Its pod is sessions/s-pod-1 at 10.0.0.1.',
      'Its pod died and was replaced once; what the pod held was lost with it.',
      'Without further requests it is looked at for being idle at 2026-01-01T00:05:00Z (in 5 min).',
      'Whatever happens, it ends at 2026-01-01T08:00:00Z (in 8 h).',
      `Key: ${key}`,
      '',
    ]);
    expect(gateway.seen[0]?.url).toBe('/api/v1/session/ann-1/status');
  });

  it('says why one is not served', async () => {
    const failure = { code: 'image_error', detail: 'The image nowhere:1 can not be pulled.' };
    const gateway = await start(json({ ...status, state: 'Failed', pod: null, heals: 0, failure }));
    const { stdout } = await gateway.run(['show', '--key', key], { now });
    expect(stdout).toContain("It can't be served (image_error): The image nowhere:1 can not be pulled.\n");
    expect(stdout).not.toContain('Why it is alive');
    expect(gateway.seen[0]?.url).toBe(`/api/v1/sessions/${key}`);
  });

  it.each([
    [['show'], 'Give either the id of a session or --key.'],
    [['show', 'a', '--key', key], 'Give either the id of a session or --key.'],
    [['show', '..'], 'is no session id'],
    [['show', 'a/b'], 'is no session id'],
    [['show', 'a%2eb'], 'is no session id'],
    [['show', '--key', 'short'], 'A session key is 26'],
  ])('refuses %j before it asks', async (args, message) => {
    const gateway = await start(json(status));
    const { code, faults } = await gateway.run(args);
    expect(code).toBe(2);
    expect(faults.join()).toContain(message);
    expect(gateway.seen).toEqual([]);
  });
});

describe('podkeeper sessions extend', () => {
  it('takes seconds and times, and says until when the session is kept', async () => {
    const gateway = await start(json({ keptUntil: '2026-01-01T01:00:00Z' }));
    const { stdout } = await gateway.run(['extend', 'ann-1', '1h'], { now });
    expect(stdout).toBe('Session ann-1 is kept until 2026-01-01T01:00:00Z (60 min).\n');
    const { stdout: less } = await gateway.run(['extend', 'ann-1', '7200'], { now });
    expect(less).toContain('Its longest life ends then.');
    expect(gateway.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/api/v1/session/ann-1/extend', '{"seconds":3600}'],
      ['POST', '/api/v1/session/ann-1/extend', '{"seconds":7200}'],
    ]);
    expect((await gateway.run(['extend', 'ann-1', 'soon'])).code).toBe(2);
  });
});

describe('podkeeper sessions end', () => {
  it('says whether it is gone already', async () => {
    const gateway = await start(noContent, json({ state: 'Draining' }, 202), noContent);
    expect((await gateway.run(['end', 'ann-1'])).stdout).toBe('Session ann-1 has ended and its pod is gone.\n');
    const { code, stdout } = await gateway.run(['end', 'ann-1']);
    expect(code).toBe(0);
    expect(stdout).toContain('is ending (Draining); requests in flight may finish.');
    const forced = await gateway.run(['end', '--key', key, '--force', '-o', 'json']);
    expect(JSON.parse(forced.stdout)).toEqual({ gone: true });
    expect(gateway.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'DELETE /api/v1/session/ann-1',
      'DELETE /api/v1/session/ann-1',
      `DELETE /api/v1/sessions/${key}?force=true`,
    ]);
  });

  it('says that there is none', async () => {
    const gateway = await start(refusal('not_found', { detail: 'There is no such session.' }));
    const { code, faults } = await gateway.run(['end', 'ann-1']);
    expect(code).toBe(1);
    expect(faults).toEqual([
      'There is no such session. (404 not_found) "podkeeper sessions list" shows yours; --key needs a token with sessions:admin.',
    ]);
  });
});
