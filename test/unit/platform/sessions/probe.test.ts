import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createProbe, isHealthy } from '../../../../platform/sessions/probe.ts';

const address = '127.0.0.1';

describe('asking a pod over HTTP', () => {
  let server: Server | undefined;
  const { probe, close } = createProbe();
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await Promise.resolve();
  });
  const serve = async (listener: RequestListener): Promise<number> => {
    server = createServer(listener).listen(0, address);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  it('answers status and body; 2xx and 3xx are healthy, and a redirect is not followed', async () => {
    const paths: string[] = [];
    const port = await serve(({ url = '' }, response) => {
      paths.push(url);
      response.writeHead(Number(url.slice(1)), { location: '/500' }).end('body');
    });
    const ask = (status: number) => probe({ address, port, path: `/${status}`, timeoutMs: 5000 });
    expect(await ask(200)).toEqual({ answered: true, status: 200, body: 'body' });
    const healthy = await Promise.all([200, 302, 399, 400, 503].map(async (status) => isHealthy(await ask(status))));
    expect(healthy).toEqual([true, true, true, false, false]);
    expect(paths).not.toContain('/500');
  });

  it('reads the beginning of an endless body, and leaves', async () => {
    const port = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await probe({ address, port, path: '/', timeoutMs: 5000 });
    expect(answer.answered && answer.body).toHaveLength(4096);
  });

  it('says why there was no answer: silence, and nobody there', async () => {
    const port = await serve(() => undefined);
    const silence = await probe({ address, port, path: '/', timeoutMs: 100 });
    expect(silence).toEqual({ answered: false, reason: 'no answer within 100 ms' });
    server?.closeAllConnections();
    server?.close();
    const nobody = await probe({ address, port, path: '/', timeoutMs: 5000 });
    expect(nobody).toMatchObject({ answered: false, reason: expect.stringContaining('ECONNREFUSED') });
    expect(isHealthy(nobody)).toBe(false);
  });

  it('throws only when it is told to stop', async () => {
    const port = await serve(() => undefined);
    const reason = new Error('stop');
    await expect(probe({ address, port, path: '/', timeoutMs: 5000, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    await close();
  });
});
