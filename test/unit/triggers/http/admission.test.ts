import { afterEach, describe, expect, it } from '@jest/globals';
import { mintToken } from '../../../../platform/auth/mint-token.ts';
import { createTokenVerifier } from '../../../../platform/auth/token-verifier.ts';
import { authenticateAnyone, authenticateByToken } from '../../../../triggers/http/authenticate.ts';
import type { AddRoutes } from '../../../../triggers/http/http-app.ts';
import { type BareApp, type BareAppOptions, startBareApp } from '../../../helpers/http/bare-app.ts';

const routes: AddRoutes = (app) => {
  app.get('/guarded', { config: { scope: 'runs:read' }, schema: { hide: true } }, ({ caller }) => ({
    caller: caller?.subject,
  }));
  app.get('/open', { config: { scope: 'public' }, schema: { hide: true } }, () => ({}));
  app.get('/probe', { config: { scope: 'public', unlimited: true }, schema: { hide: true } }, () => ({}));
  app.post('/write', { config: { scope: 'events:write' }, schema: { hide: true } }, () => ({}));
};

let bare: BareApp;
const start = async (options: BareAppOptions = {}) => {
  bare = await startBareApp({ routes: [routes], ...options });
};
afterEach(() => bare.close());

const get = async (path: string, authorization?: string, init: RequestInit = {}) => {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(bare.origin + path, { ...init, headers });
  const body = (await response.json()) as { code?: string; detail?: string; caller?: string };
  return { status: response.status, headers: response.headers, ...body };
};

describe('a guarded route', () => {
  const secret = new TextEncoder().encode('thirty-two bytes or more, as it has to be');
  const mint = (scopes: readonly string[], lifetimeSeconds = 60) =>
    mintToken({ secret, issuer: 'us', audience: 'us', subject: 'ann', scopes, lifetimeSeconds });
  const byToken = () => authenticateByToken(createTokenVerifier({ secrets: [secret], issuer: 'us', audience: 'us' }));

  it('takes a token with its scope, whatever else the token holds', async () => {
    await start({ authenticate: byToken() });
    const token = await mint(['unheard:of', 'runs:read']);
    expect(await get('/guarded', `Bearer ${token}`)).toMatchObject({ status: 200, caller: 'ann' });
    expect(await get('/guarded', `bearer ${token}`)).toMatchObject({ status: 200 });
  });

  it('asks for a token, and says how to get one', async () => {
    await start({ authenticate: byToken() });
    const { status, code, headers, detail } = await get('/guarded');
    expect({ status, code }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="podkeeper"');
    expect(detail).toContain('podkeeper token');
  });

  it('tells expired from not accepted, and nothing more', async () => {
    await start({ authenticate: byToken() });
    const expired = await get('/guarded', `Bearer ${await mint(['runs:read'], -60)}`);
    expect(expired).toMatchObject({ status: 401, detail: 'The token has expired.' });
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const good = await mint(['runs:read']);
    for (const header of [
      `Bearer ${good}x`,
      `Bearer x.y.z`,
      `Basic ${good}`,
      good,
      'Bearer',
      `Bearer ${good} ${good}`,
    ]) {
      expect(await get('/guarded', header)).toMatchObject({ status: 401, detail: 'The token is not accepted.' });
    }
  });

  it('names the scope that a token lacks', async () => {
    await start({ authenticate: byToken() });
    const { status, code, detail, headers } = await get('/guarded', `Bearer ${await mint(['events:write'])}`);
    expect({ status, code }).toEqual({ status: 403, code: 'forbidden' });
    expect(detail).toContain('runs:read');
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="runs:read"');
  });

  it('is refused before its body is read', async () => {
    await start({ authenticate: byToken() });
    const init = { method: 'POST', body: 'not json' };
    expect(await get('/write', undefined, init)).toMatchObject({ status: 401 });
    expect(await get('/write', `Bearer ${await mint(['runs:read'])}`, init)).toMatchObject({ status: 403 });
  });

  it('never writes a token to the log', async () => {
    await start({ authenticate: byToken() });
    const token = await mint(['runs:read']);
    await get('/guarded', `Bearer ${token}`);
    await get('/guarded', `Bearer ${token}x`);
    expect(bare.log.text()).toContain('"subject":"ann"');
    expect(bare.log.text()).not.toContain(token.slice(-20));
    expect(bare.log.text()).not.toContain(token.slice(0, 20));
  });
});

describe('without tokens', () => {
  it('every request that names a loopback host is taken', async () => {
    await start({ authenticate: authenticateAnyone });
    expect(await get('/guarded')).toMatchObject({ status: 200, caller: 'anonymous' });
  });

  it('a web page that points its own name here is refused', async () => {
    await start({ authenticate: authenticateAnyone });
    const { statusCode, payload } = await bare.app.inject({ url: '/guarded', headers: { host: 'evil.example.com' } });
    expect(statusCode).toBe(403);
    expect(payload).toContain('localhost');
  });

  it('a web page from elsewhere is refused, the page to try the API is not', async () => {
    await start({ authenticate: authenticateAnyone });
    const statusFor = async (origin: string) => {
      const headers = { host: '127.0.0.1:8080', origin };
      return (await bare.app.inject({ method: 'POST', url: '/write', headers })).statusCode;
    };
    for (const origin of ['https://evil.example.com', 'http://127.0.0.1:9999', 'null']) {
      expect(await statusFor(origin)).toBe(403);
    }
    expect(await statusFor('http://127.0.0.1:8080')).toBe(200);
  });
});

describe('a caller', () => {
  it('that sends too many requests is told when to come back; others are not affected', async () => {
    await start({ limits: { requestsPerMinute: 3 } });
    for (let sent = 0; sent < 3; sent += 1)
      expect(await get('/guarded', 'Bearer ann:runs:read')).toMatchObject({ status: 200 });
    const refused = await get('/guarded', 'Bearer ann:runs:read');
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await get('/guarded', 'Bearer bob:runs:read')).toMatchObject({ status: 200 });
    expect(await get('/open')).toMatchObject({ status: 200 });
  });

  it('is counted over all routes, by its address where there is no token', async () => {
    await start({ limits: { requestsPerMinute: 3 } });
    await get('/open');
    await get('/nothing');
    expect(await get('/guarded', 'Bearer wrong')).toMatchObject({ status: 401 });
    for (const path of ['/open', '/nothing', '/guarded']) expect(await get(path)).toMatchObject({ status: 429 });
    expect(await get('/guarded', 'Bearer ann:runs:read')).toMatchObject({ status: 200 });
  });

  it('that lacks the scope is counted too', async () => {
    await start({ limits: { requestsPerMinute: 1 } });
    expect(await get('/write', 'Bearer ann:runs:read', { method: 'POST' })).toMatchObject({ status: 403 });
    expect(await get('/write', 'Bearer ann:runs:read', { method: 'POST' })).toMatchObject({ status: 429 });
  });

  it('that is a probe is never refused', async () => {
    await start({ limits: { requestsPerMinute: 1 } });
    for (let sent = 0; sent < 5; sent += 1) expect(await get('/probe')).toMatchObject({ status: 200 });
  });
});

describe('a route that does not say who may use it', () => {
  it('fails the start', async () => {
    await start();
    const careless: AddRoutes = (app) => {
      app.get('/careless', { schema: { hide: true } }, () => ({}));
    };
    await expect(startBareApp({ routes: [careless] })).rejects.toThrow('GET /careless has no config.scope');
  });
});
