import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { routeTo, useProxyRigs } from './proxy-rig.ts';
import { connectRaw } from './raw-client.ts';
import { useRawPods } from './raw-pod.ts';

const mebibyte = 1024 * 1024;
/** Socket buffers of both hops and of the kernel; far below what is on its way. */
const heldBytes = 24 * mebibyte;

describe('a long body', () => {
  const startRig = useProxyRigs();
  const startRawPod = useRawPods();
  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  /** A pod that can't prove itself, on node:http. */
  async function startPlain(serve: Parameters<typeof createServer>[1]) {
    const server = createServer(serve);
    closing.push(() => server.close().closeAllConnections());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const { port } = server.address() as AddressInfo;
    return startRig({ reach: () => routeTo(port), class: { identity: 'none' } });
  }

  it('goes both ways whole, 200 MB each, one after the other', async () => {
    const chunk = randomBytes(mebibyte);
    const expected = hashOf(chunk, 200);
    const rig = await startPlain((incoming, response) => void takeThenGive(incoming, response, chunk));
    let mostBytes = 0;
    const before = process.memoryUsage().arrayBuffers;
    const watch = setInterval(() => {
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - before);
    }, 20);
    const outgoing = request({ port: rig.port, method: 'POST', path: '/' });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    for (let sent = 0; sent < 200; sent += 1) {
      if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve));
    }
    outgoing.end();
    const response = await answered;
    expect(response.headers['x-hash']).toBe(expected);
    const hash = createHash('sha256');
    for await (const part of response) hash.update(part as Buffer);
    clearInterval(watch);
    expect(hash.digest('hex')).toBe(expected);
    // Client, gateway and pod are one process here, and what is not collected yet counts.
    expect(mostBytes).toBeLessThan(150 * mebibyte);
  }, 120_000);

  it('is held back at the pod while the client does not read', async () => {
    let written = 0;
    const chunk = Buffer.alloc(mebibyte);
    const rig = await startPlain((_incoming, response) => {
      const pump = () => {
        written += chunk.length;
        if (written < 300 * mebibyte) response.write(chunk, pump);
      };
      pump();
    });
    const client = connectRaw(rig.port);
    client.socket.pause();
    client.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    const stoppedAt = await settled(() => written);
    expect(stoppedAt).toBeGreaterThan(0);
    expect(stoppedAt).toBeLessThan(heldBytes);
    client.socket.destroy();
  }, 60_000);

  it('is held back at the client while the pod does not read', async () => {
    const pod = await startRawPod({ serve: (socket) => socket.pause() });
    const rig = await startRig({ reach: () => routeTo(pod.port) });
    const client = connectRaw(rig.port);
    client.socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${250 * mebibyte}\r\n\r\n`);
    const chunk = Buffer.alloc(mebibyte);
    const pump = (error?: Error | null) => {
      if (!error) client.socket.write(chunk, pump);
    };
    pump();
    const stoppedAt = await settled(() => client.socket.bytesWritten - client.socket.writableLength);
    expect(stoppedAt).toBeLessThan(heldBytes);
    client.socket.destroy();
  }, 60_000);

  it('is cut off when the client does not read for too long, and lets go of the pod', async () => {
    const server = createServer((_incoming, response) => response.end(Buffer.alloc(100 * mebibyte)));
    closing.push(() => server.close().closeAllConnections());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const { port } = server.address() as AddressInfo;
    const rig = await startRig({ reach: () => routeTo(port), class: { identity: 'none' }, silenceMs: 500 });
    const client = connectRaw(rig.port);
    client.socket.pause();
    client.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(rig.leases()).toBe(1);
    while (rig.leases() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    client.socket.destroy();
  }, 60_000);

  it.each(['Content-Length: 1001\r\n', 'Transfer-Encoding: chunked\r\n'])(
    'is refused above the limit of its class, before the pod has all of it: %s',
    async (framing) => {
      const pod = await startRawPod({ serve: () => undefined });
      const rig = await startRig({ reach: () => routeTo(pod.port), class: { bodyLimitBytes: 1000 } });
      const client = connectRaw(rig.port);
      client.socket.write(`POST / HTTP/1.1\r\nHost: h\r\n${framing}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      client.socket.write(`3e9\r\n${'x'.repeat(1001)}\r\n`);
      await client.until(/^HTTP\/1\.1 413 .*"code":"body_too_large"/s);
      expect(rig.reached).toHaveLength(framing.startsWith('Content') ? 0 : 1);
      expect(pod.received.join('')).not.toContain('x'.repeat(500));
      expect(rig.leases()).toBe(0);
      // What is left of the body does not stand in the way of the next request.
      client.socket.write(`0\r\n\r\n${framing.startsWith('Content') ? '' : 'GET /next HTTP/1.1\r\nHost: h\r\n\r\n'}`);
      if (!framing.startsWith('Content')) {
        while (!pod.received.join('').includes('GET /next')) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      client.socket.destroy();
    },
    60_000,
  );
});

/** Reads a body, and answers with its hash and 200 chunks. */
async function takeThenGive(incoming: IncomingMessage, response: ServerResponse, chunk: Buffer): Promise<void> {
  const hash = createHash('sha256');
  for await (const part of incoming) hash.update(part as Buffer);
  response.setHeader('x-hash', hash.digest('hex'));
  for (let sent = 0; sent < 200; sent += 1) {
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

function hashOf(chunk: Buffer, times: number): string {
  const hash = createHash('sha256');
  for (let index = 0; index < times; index += 1) hash.update(chunk);
  return hash.digest('hex');
}

/** The value once it has not changed for half a second. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1, same = 0; ;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    same = value() === last ? same + 1 : 0;
    last = value();
    if (same >= 5 && last > 0) return last;
  }
}
