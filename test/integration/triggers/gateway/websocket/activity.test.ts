import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { closeCode, frameOf, opcodes, openWebSocket, until } from './raw-web-socket.ts';
import { useTunnels } from './tunnel-rig.ts';

jest.setTimeout(60_000);
const { startPod, startTunnels } = useTunnels();
const text = frameOf({ opcode: opcodes.text, payload: 'still here' });
const ping = frameOf({ opcode: opcodes.ping, payload: 'still here?' });

describe('an open WebSocket that counts as activity', () => {
  it('is ended when only pings went by for too long, and not before', async () => {
    const rig = await startTunnels((await startPod()).route, { times: { idleMs: 1500 } });
    const client = await openWebSocket(rig.port);
    const openedMs = performance.now();
    for (let index = 0; index < 4; index += 1) {
      await sleep(500);
      client.send(text);
      expect((await client.frame()).opcode).toBe(opcodes.text);
    }
    const dataMs = performance.now();
    for (let index = 0; index < 2; index += 1) {
      await sleep(300);
      client.send(ping);
      expect((await client.frame()).opcode).toBe(opcodes.pong);
    }
    const frame = await client.frame();
    expect([frame.opcode, closeCode(frame), frame.payload.subarray(2).toString()]).toEqual([
      opcodes.close,
      1001,
      'no data for too long',
    ]);
    expect(performance.now() - dataMs).toBeGreaterThan(1400);
    expect(performance.now() - openedMs).toBeGreaterThan(3400);
    expect(rig.counts.taken).toBe(1);
  });

  it('is ended when it is too old, whatever it carries', async () => {
    const rig = await startTunnels((await startPod()).route, { times: { lifeMs: 1000 } });
    const client = await openWebSocket(rig.port);
    const sending = setInterval(() => client.send(text), 100);
    for (;;) {
      const frame = await client.frame();
      if (frame.opcode !== opcodes.close) continue;
      expect([closeCode(frame), frame.payload.subarray(2).toString()]).toEqual([1001, 'open for too long']);
      break;
    }
    clearInterval(sending);
  });
});

describe('a WebSocket of which only data counts as activity', () => {
  const onlyData = { class: { openSocketIsActive: false } } as const;

  it('holds no lease while it is open, and touches at most once a second, the last data too', async () => {
    const rig = await startTunnels((await startPod()).route, onlyData);
    const client = await openWebSocket(rig.port);
    await until(() => rig.tunnels.count === 1);
    expect(rig.counts).toEqual({ taken: 1, held: 0, released: 1 });
    client.send(ping);
    await client.frame();
    expect(rig.counts.taken).toBe(1);

    const startMs = performance.now();
    while (performance.now() - startMs < 2500) {
      client.send(text);
      await client.frame();
      await sleep(20);
    }
    const seconds = (performance.now() - startMs) / 1000;
    await sleep(1500);
    const touches = rig.counts.taken - 1;
    expect(touches).toBeGreaterThanOrEqual(3);
    // One at once, one a second, one for what came after the last.
    expect(touches).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    await sleep(1200);
    expect(rig.counts.taken - 1).toBe(touches);
    expect(rig.counts.held).toBe(0);
  });

  it.each(['draining', 'gone'] as const)('is ended when its session has become %s meanwhile', async (state) => {
    const rig = await startTunnels((await startPod()).route, onlyData);
    const client = await openWebSocket(rig.port);
    rig.refuseLeases(state);
    client.send(text);
    let frame = await client.frame();
    if (frame.opcode === opcodes.text) frame = await client.frame();
    expect(closeCode(frame)).toBe(1001);
  });

  it('goes on when Redis has lost the session, and outlives the limits of open ones', async () => {
    const rig = await startTunnels((await startPod()).route, { ...onlyData, times: { idleMs: 300, lifeMs: 300 } });
    const client = await openWebSocket(rig.port);
    rig.refuseLeases('missing');
    client.send(text);
    expect((await client.frame()).opcode).toBe(opcodes.text);
    await sleep(600);
    client.send(text);
    expect((await client.frame()).opcode).toBe(opcodes.text);
  });
});

describe('a WebSocket whose token expires', () => {
  it('is closed with 1008 when the gateway is told to', async () => {
    const rig = await startTunnels((await startPod()).route, { expiresAtMs: Date.now() + 1500 });
    const client = await openWebSocket(rig.port);
    const frame = await client.frame();
    expect([frame.opcode, closeCode(frame)]).toEqual([opcodes.close, 1008]);
  });
});
