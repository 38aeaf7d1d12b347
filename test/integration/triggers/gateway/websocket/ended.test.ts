import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import {
  accepted,
  closeCode,
  frameOf,
  opcodes,
  openRaw,
  openWebSocket,
  type RawPeer,
  until,
  upgradeText,
} from './raw-web-socket.ts';
import { useTunnels } from './tunnel-rig.ts';

jest.setTimeout(60_000);
const { startPod, startTunnels, fakePod } = useTunnels();

/** A pod that only opens WebSockets; the test is its other half. */
async function quietPod() {
  const peers: RawPeer[] = [];
  const pod = await fakePod((peer) => {
    void peer.head().then(() => {
      peer.send(accepted);
      peers.push(peer);
    });
  });
  return { ...pod, peers };
}
const untrusted = { identity: 'none' } as const;

describe('a WebSocket whose session is ended', () => {
  it('is told 1001 on both sides, and its lease is held until it is closed', async () => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted, times: { closeWaitMs: 10_000 } });
    const client = await openWebSocket(rig.port);
    const [pod] = peers;
    rig.endSession();
    const [toClient, toPod] = [await client.frame(), await pod!.frame()];
    expect([toClient, toPod].map((frame) => [frame.opcode, closeCode(frame), frame.masked])).toEqual([
      [opcodes.close, 1001, false],
      [opcodes.close, 1001, true],
    ]);
    expect(rig.counts.held).toBe(1);
    client.send(frameOf({ opcode: opcodes.close, payload: toClient.payload }));
    pod!.send(frameOf({ opcode: opcodes.close, payload: toPod.payload, masked: false }));
    expect([await client.rest(), await pod!.rest()].map(({ length }) => length)).toEqual([0, 0]);
    await until(() => rig.tunnels.count === 0);
    expect(rig.counts).toEqual({ taken: 1, held: 0, released: 1 });
  });

  it('gets the close frame after the frame that is on its way, both ways', async () => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted, times: { closeWaitMs: 10_000 } });
    const client = await openWebSocket(rig.port);
    const [pod] = peers;
    const part = (masked: boolean) =>
      frameOf({ opcode: opcodes.binary, payload: Buffer.alloc(300_000, 7), final: false, masked });
    const next = (masked: boolean) => frameOf({ opcode: opcodes.continuation, payload: 'never', masked });
    client.send(part(true).subarray(0, 100_000));
    pod!.send(part(false).subarray(0, 100_000));
    await sleep(300);
    rig.endSession();
    await sleep(300);
    // The message goes on and on; what comes after the frame that had begun is not passed on.
    client.send(Buffer.concat([part(true).subarray(100_000), next(true)]));
    pod!.send(Buffer.concat([part(false).subarray(100_000), next(false)]));
    for (const side of [client, pod!]) {
      expect(await side.frame()).toMatchObject({ opcode: opcodes.binary, final: false });
      const close = await side.frame();
      expect([close.opcode, closeCode(close)]).toEqual([opcodes.close, 1001]);
    }
  });

  it('is cut when a frame does not end in time, or nobody answers', async () => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted });
    const half = await openWebSocket(rig.port);
    half.send(frameOf({ opcode: opcodes.binary, payload: Buffer.alloc(1000) }).subarray(0, 500));
    const silent = await openWebSocket(rig.port);
    await until(() => peers.length === 2);
    rig.endSession();
    await Promise.all([half.closed, silent.closed, ...peers.map(({ closed }) => closed)]);
    await until(() => rig.tunnels.count === 0);
    expect(rig.counts).toEqual({ taken: 2, held: 0, released: 2 });
  });

  it('is told so too when its pod is no longer routed to, also when that happens during its handshake', async () => {
    const pod = await startPod();
    const rig = await startTunnels(pod.route);
    const client = await openWebSocket(rig.port);
    rig.loseRoute();
    expect(closeCode(await client.frame())).toBe(1001);

    const waiting: RawPeer[] = [];
    const slow = await fakePod((peer) => waiting.push(peer));
    const other = await startTunnels(slow.route, { class: untrusted });
    const late = await openRaw(other.port);
    late.send(upgradeText());
    await until(() => waiting.length === 1);
    await waiting[0]!.head();
    other.loseRoute();
    waiting[0]!.send(accepted);
    await late.head();
    expect(closeCode(await late.frame())).toBe(1001);
  });

  it('is told 1001 when the gateway stops, and cut after the grace', async () => {
    const { route } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted, times: { closeWaitMs: 60_000 } });
    const client = await openWebSocket(rig.port);
    const closing = rig.tunnels.closeAll(300);
    expect(closeCode(await client.frame())).toBe(1001);
    await closing;
    expect(rig.counts.held).toBe(0);
    const refused = await openRaw(rig.port);
    refused.send(upgradeText());
    expect(await refused.head()).toContain('503');
    expect((await refused.rest()).toString()).toBe('shutting_down');
  });
});

describe('a WebSocket of which one side goes', () => {
  it('tells the client that the pod has died', async () => {
    const pod = await startPod();
    const rig = await startTunnels(pod.route);
    const client = new WebSocket(`ws://127.0.0.1:${rig.port}/api/v1/session/alice-1/proxy/ws`);
    await new Promise((resolve) => (client.onopen = resolve));
    const closed = new Promise<CloseEvent>((resolve) => (client.onclose = resolve));
    pod.signal('SIGKILL');
    expect([1001, 1006]).toContain((await closed).code);
    await until(() => rig.tunnels.count === 0);
    expect(rig.counts.held).toBe(0);
  });

  it('cuts the client when the pod dies in the middle of a frame', async () => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted });
    const client = await openWebSocket(rig.port);
    const frame = frameOf({ opcode: opcodes.binary, payload: Buffer.alloc(1000), masked: false });
    peers[0]!.send(frame.subarray(0, 500));
    peers[0]!.socket.end();
    expect((await client.rest()).equals(frame.subarray(0, 500))).toBe(true);
    await until(() => rig.tunnels.count === 0);
  });

  it.each(['end', 'resetAndDestroy'] as const)('tells the pod when the client is gone (%s)', async (how) => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted });
    const client = await openWebSocket(rig.port);
    client.socket[how]();
    const frame = await peers[0]!.frame();
    expect([frame.opcode, closeCode(frame), frame.masked]).toEqual([opcodes.close, 1001, true]);
    await until(() => rig.tunnels.count === 0);
    expect(rig.counts).toEqual({ taken: 1, held: 0, released: 1 });
  });
});

describe('a WebSocket that breaks the protocol', () => {
  it.each([
    ['a message that is too long', 1009, Buffer.from([0x82, 0xff, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4])],
    ['a frame without a mask', 1002, Buffer.from([0x81, 0x01, 0x41])],
    ['a reserved bit', 1002, Buffer.from([0xc1, 0x80, 1, 2, 3, 4])],
  ])('is closed for %s of the client (%d); nothing of it reaches the pod', async (_what, code, bytes) => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted });
    const client = await openWebSocket(rig.port);
    client.send(Buffer.concat([frameOf({ opcode: opcodes.text, payload: 'good' }), bytes]));
    expect(closeCode(await client.frame())).toBe(code);
    expect((await peers[0]!.frame()).payload.toString()).toBe('good');
    expect(closeCode(await peers[0]!.frame())).toBe(1001);
    expect(await peers[0]!.rest()).toHaveLength(0);
    await until(() => rig.tunnels.count === 0);
  });

  it('is closed for a fault of the pod, the client with 1001', async () => {
    const { route, peers } = await quietPod();
    const rig = await startTunnels(route, { class: untrusted });
    const client = await openWebSocket(rig.port);
    peers[0]!.send(frameOf({ opcode: opcodes.text, payload: 'masked', masked: true }));
    expect(closeCode(await peers[0]!.frame())).toBe(1002);
    expect(closeCode(await client.frame())).toBe(1001);
  });
});
