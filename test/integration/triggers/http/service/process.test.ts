import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintToken } from '../../../../../platform/auth/mint-token.ts';
import { sharedEnvironment } from '../../../../helpers/environment.ts';
import { freePort } from '../../../../helpers/free-port.ts';
import { createProviderKey, startKeyServer } from '../../../../helpers/http/key-server.ts';
import { type HttpProcess, startHttpProcess } from '../../../../helpers/http/http-process.ts';

const secret = 'only for tests, thirty-two bytes or more';
const checked = { AUTH_DISABLED: 'false', AUTH_TOKEN_SECRET: secret };
let temporal: Readonly<Record<string, string>>;

beforeAll(async () => {
  temporal = { TEMPORAL_ADDRESS: (await sharedEnvironment()).temporalAddress() };
});

const mint = (key: string) =>
  mintToken({
    secret: new TextEncoder().encode(key),
    issuer: 'podkeeper',
    audience: 'podkeeper',
    subject: 'test',
    scopes: ['metrics:read', 'events:write'],
    lifetimeSeconds: 600,
  });

async function metricsStatus({ origin }: HttpProcess, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${origin}/metrics`, { headers })).status;
}

describe('the HTTP API as a process', () => {
  it('is ready with Temporal, and takes tokens of its secret and the one before', async () => {
    const previous = 'the secret before, thirty-two bytes or more';
    const api = await startHttpProcess({
      ...temporal,
      ...checked,
      AUTH_TOKEN_SECRET_PREVIOUS: previous,
    });
    try {
      const ready = async () => (await fetch(`${api.origin}/ready`)).status;
      for (let tries = 0; tries < 100 && (await ready()) !== 200; tries += 1) await sleep(50);
      expect(await ready()).toBe(200);
      expect(await metricsStatus(api)).toBe(401);
      expect(await metricsStatus(api, await mint(secret))).toBe(200);
      expect(await metricsStatus(api, await mint(previous))).toBe(200);
      expect(await metricsStatus(api, await mint(`${secret}!`))).toBe(401);
    } finally {
      expect(await api.end('SIGTERM')).toBe(0);
    }
  }, 60_000);

  it('takes tokens of an identity provider, also while that one is down', async () => {
    const key = await createProviderKey('one');
    const stranger = await createProviderKey('one');
    const provider = await startKeyServer(key);
    const api = await startHttpProcess({ ...temporal, AUTH_DISABLED: 'false', AUTH_JWKS_URL: provider.url });
    try {
      const token = await key.sign({ scp: ['metrics:read'] });
      expect(await metricsStatus(api, token)).toBe(200);
      expect(await metricsStatus(api, await stranger.sign({ scp: ['metrics:read'] }))).toBe(401);
      expect(await metricsStatus(api, await mint(secret))).toBe(401);
      await provider.close();
      expect(await metricsStatus(api, token)).toBe(200);
    } finally {
      expect(await api.end('SIGTERM')).toBe(0);
      await provider.close();
    }
  }, 60_000);

  it('takes every request from its own machine when told so', async () => {
    const api = await startHttpProcess(temporal);
    try {
      expect(await metricsStatus(api)).toBe(200);
    } finally {
      expect(await api.end('SIGTERM')).toBe(0);
    }
  }, 60_000);

  it('on SIGTERM says that it is not ready, answers what is in flight, and ends with 0', async () => {
    const metricsPort = await freePort();
    const api = await startHttpProcess({ ...temporal, METRICS_PORT: String(metricsPort) });
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const head = ['POST /api/v1/pod-events HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json'];
    socket.write(`${head.join('\r\n')}\r\nContent-Length: 9\r\n\r\n{"typ`);
    await sleep(300);

    const ended = api.end('SIGTERM');
    const ready = async () => (await fetch(`http://127.0.0.1:${metricsPort}/ready`)).status;
    for (let tries = 0; tries < 100 && (await ready()) !== 503; tries += 1) await sleep(50);
    expect(await ready()).toBe(503);
    await expect(fetch(`${api.origin}/health`)).rejects.toThrow();
    socket.write('e":');
    socket.write('1}');
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(received.toLowerCase()).toContain('connection: close');
    expect(await ended).toBe(0);
  }, 60_000);

  it('ends within its grace time although a client never finishes its request', async () => {
    const api = await startHttpProcess({ ...temporal, SHUTDOWN_GRACE_SECONDS: '1' });
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /api/v1/pod-events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await sleep(300);
    expect(await api.end('SIGTERM')).toBe(0);
  }, 60_000);

  it.each([
    ['without a way to check tokens', { AUTH_DISABLED: 'false' }, 'ended with 2'],
    ['without tokens for everyone in reach', { HTTP_HOST: '0.0.0.0' }, 'ended with 2'],
    ['with a secret that is too short', { AUTH_DISABLED: 'false', AUTH_TOKEN_SECRET: 'short' }, 'fewer than 32'],
    ['with a key file that is not there', { AUTH_DISABLED: 'false', AUTH_JWKS_FILE: '/nowhere' }, 'ended with 2'],
    ['on an address it does not have', { ...checked, HTTP_HOST: '203.0.113.1' }, 'Set HTTP_PORT'],
  ])(
    'does not start %s',
    async (_title, env, message) => {
      await expect(startHttpProcess({ ...temporal, ...env })).rejects.toThrow(message);
    },
    60_000,
  );

  it('gives up with 1 when Temporal cannot be reached in time', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`;
    const starting = startHttpProcess({ TEMPORAL_ADDRESS: nowhere, CONNECT_TIMEOUT_SECONDS: '1' });
    await expect(starting).rejects.toThrow('ended with 1');
  }, 60_000);
});
