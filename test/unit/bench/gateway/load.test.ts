import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runClosedLoop } from '../../../../bench/gateway/load/closed-loop.ts';
import { runOpenLoop } from '../../../../bench/gateway/load/open-loop.ts';
import { percentile } from '../../../../bench/gateway/percentile.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(afterMs: number, status = 200) {
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(status).end('ok'), afterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, path: '/', headers: {} };
}

describe('load at a fixed rate', () => {
  it('counts the time a request had to wait for those before it', async () => {
    const target = await serve(50);
    const latencies = await runOpenLoop(target, { requestsPerSecond: 100, connections: 1, seconds: 0.3 });
    expect(latencies).toHaveLength(30);
    // One after the other they take 30 × 50 ms; the last was meant to be sent after 290 ms.
    expect(latencies.at(-1)).toBeGreaterThan(1100);
  });
});

describe('load without a rate', () => {
  it('asks again as soon as it is answered, and stops when it has enough', async () => {
    const answered = await runClosedLoop(await serve(0), { connections: 4, seconds: 20, requests: 50 });
    expect(answered).toBeGreaterThanOrEqual(50);
    expect(answered).toBeLessThan(60);
  });

  it('fails when an answer is not a 200', async () => {
    const target = await serve(0, 503);
    await expect(runClosedLoop(target, { connections: 1, seconds: 20 })).rejects.toThrow('answered HTTP/1.1 503');
  });
});

describe('a percentile', () => {
  it('is the value that so many do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1);
    expect([50, 95, 99, 100].map((percent) => percentile(values, percent))).toEqual([100, 190, 198, 200]);
    expect(percentile([], 50)).toBe(0);
    expect(percentile([7], 1)).toBe(7);
  });
});
