import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../helpers/properties.ts';
import {
  accepted,
  frameOf,
  opcodes,
  openRaw,
  openWebSocket,
  path,
  type RawPeer,
  until,
  upgradeText,
} from './raw-web-socket.ts';
import { useTunnels } from './tunnel-rig.ts';

jest.setTimeout(60_000);
const { startPod, startTunnels, fakePod } = useTunnels();

async function start() {
  const pod = await startPod();
  return { pod, rig: await startTunnels(pod.route) };
}

/** The next whole message, put together from its frames. */
async function message(peer: RawPeer): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const { final, payload } = await peer.frame();
    parts.push(payload);
    if (final) return Buffer.concat(parts);
  }
}

describe('a WebSocket of a session', () => {
  it('is opened with what the pod says, our own headers and no others', async () => {
    const { pod, rig } = await start();
    const peer = await openRaw(rig.port);
    peer.send(upgradeText({ Authorization: 'Bearer secret', 'X-Podkeeper-Class': 'default' }));
    const head = await peer.head();
    expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(head).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(head).toContain('X-Podkeeper-Start: existing\r\n');
    expect(head).toContain('X-Request-Id: request-1\r\n');
    expect(head).toMatch(/^Server-Timing: route;dur=\d+\.\d, pod;dur=\d+\.\d\r$/m);
    expect(head.match(/^(?:Upgrade|Connection): /gm)).toHaveLength(2);
    expect(await rig.openMetric()).toBe(1);
    expect(rig.counts).toMatchObject({ taken: 1, held: 1 });
    await pod.logged(({ status, requestId }) => status === 101 && requestId === 'request-1');
    peer.socket.destroy();
    await until(() => rig.tunnels.count === 0);
    expect(rig.counts).toEqual({ taken: 1, held: 0, released: 1 });
    expect(await rig.openMetric()).toBe(0);
  });

  it('carries texts, bytes, messages in parts, pings and the closing of a standard client', async () => {
    const { rig } = await start();
    const client = new WebSocket(`ws://127.0.0.1:${rig.port}${path}`);
    client.binaryType = 'arraybuffer';
    const events: unknown[] = [];
    client.onmessage = ({ data }) => events.push(typeof data === 'string' ? data : Buffer.from(data).toString('hex'));
    await new Promise((resolve) => (client.onopen = resolve));
    client.send('grüße');
    client.send(Buffer.from([0, 255]));
    client.send('x'.repeat(70_000));
    await until(() => events.length === 3);
    expect(events).toEqual(['grüße', '00ff', 'x'.repeat(70_000)]);
    const closed = new Promise<CloseEvent>((resolve) => (client.onclose = resolve));
    client.close(3001, 'done');
    expect(await closed).toMatchObject({ code: 3001, wasClean: true });
    await until(() => rig.tunnels.count === 0);

    const raw = await openWebSocket(rig.port);
    raw.send(frameOf({ opcode: opcodes.text, payload: 'one ', final: false }));
    raw.send(frameOf({ opcode: opcodes.ping, payload: 'are you there?' }));
    raw.send(frameOf({ opcode: opcodes.continuation, payload: 'message' }));
    expect(await raw.frame()).toMatchObject({ opcode: opcodes.pong, payload: Buffer.from('are you there?') });
    expect((await message(raw)).toString()).toBe('one message');
  });

  it('does not lose frames that a client sends with its request', async () => {
    const { rig } = await start();
    const peer = await openRaw(rig.port);
    const hello = frameOf({ opcode: opcodes.text, payload: 'hello' });
    peer.send(Buffer.concat([Buffer.from(upgradeText()), hello, hello.subarray(0, 5)]));
    await peer.head();
    peer.send(hello.subarray(5));
    expect((await message(peer)).toString()).toBe('hello');
    expect((await message(peer)).toString()).toBe('hello');
  });

  it(`carries bytes split anywhere (PODKEEPER_TEST_SEED=${propertySeed})`, async () => {
    const { rig } = await start();
    const peer = await openWebSocket(rig.port);
    peer.socket.setNoDelay(true);
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(messages, sizes, async (sent, pieces) => {
        const bytes = Buffer.concat(
          sent.map((payload) => frameOf({ opcode: opcodes.binary, payload: Buffer.from(payload) })),
        );
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = pieces[index % pieces.length]!;
          peer.send(bytes.subarray(at, at + size));
          at += size;
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const payload of sent) expect((await message(peer)).equals(Buffer.from(payload))).toBe(true);
      }),
      { seed: propertySeed, numRuns: 40 },
    );
  });

  it('carries a message of 16 MiB', async () => {
    const { rig } = await start();
    const peer = await openWebSocket(rig.port);
    const payload = randomBytes(16 * 1024 * 1024);
    peer.send(frameOf({ opcode: opcodes.binary, payload }));
    expect((await message(peer)).equals(payload)).toBe(true);
  });

  it.each(['client', 'pod'] as const)(
    'is carried as fast as the %s reads; what waits stays with the sender',
    async (slow) => {
      const pods: RawPeer[] = [];
      const pod = await fakePod((peer) => {
        void peer.head().then(() => {
          peer.send(accepted);
          pods.push(peer);
        });
      });
      const rig = await startTunnels(pod.route, { class: { identity: 'none' } });
      const client = await openWebSocket(rig.port);
      const [reader, sender] = slow === 'client' ? [client, pods[0]!] : [pods[0]!, client];
      const payload = randomBytes(1024 * 1024);
      const frame = frameOf({ opcode: opcodes.binary, payload, masked: slow === 'pod' });
      const total = 64;
      reader.socket.pause();
      for (let index = 0; index < total; index += 1) sender.send(frame);
      // What has left the sender is in the buffers of the kernel, some MiB for each socket, or in the gateway.
      const gone = () => sender.socket.bytesWritten - sender.socket.writableLength;
      for (let before = -1; before !== gone();) {
        before = gone();
        await sleep(1000);
      }
      expect(gone()).toBeLessThan(total * 0.5 * frame.length);
      reader.socket.resume();
      for (let index = 0; index < total; index += 1) {
        const { payload: received } = await reader.frame();
        expect(received.equals(payload)).toBe(true);
      }
    },
  );

  it('is one of many', async () => {
    const { rig } = await start();
    const peers: RawPeer[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      peers.push(...(await Promise.all(Array.from({ length: 50 }, () => openWebSocket(rig.port)))));
    }
    expect([rig.tunnels.count, rig.counts.held]).toEqual([500, 500]);
    await Promise.all(
      peers.map(async (peer, index) => {
        peer.send(frameOf({ opcode: opcodes.text, payload: `number ${index}` }));
        expect((await message(peer)).toString()).toBe(`number ${index}`);
      }),
    );
    const closes = peers.map((peer) => peer.frame());
    const closing = rig.tunnels.closeAll(20_000);
    for (const [index, frame] of (await Promise.all(closes)).entries()) {
      expect([frame.opcode, frame.payload.readUInt16BE()]).toEqual([opcodes.close, 1001]);
      peers[index]!.send(frameOf({ opcode: opcodes.close, payload: frame.payload }));
    }
    await closing;
    expect([rig.tunnels.count, rig.counts.held]).toEqual([0, 0]);
  });
});
