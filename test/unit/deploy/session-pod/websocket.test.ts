import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { usePodProcesses } from './pod-process.ts';
import { openRaw, type RawConnection, upgradeHeaders } from './raw-connection.ts';

jest.setTimeout(60_000);
const startPod = usePodProcesses();

/** A frame as a client may or may not send it. `length` says another length than it has. */
function frame(input: {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly final?: boolean;
  readonly masked?: boolean;
  readonly reserved?: number;
  readonly length?: number;
}): Buffer {
  const payload = Buffer.from(input.payload ?? '');
  const length = input.length ?? payload.length;
  const masked = input.masked ?? true;
  const first = (input.final === false ? 0 : 0x80) | (input.reserved ?? 0) | input.opcode;
  const bit = masked ? 0x80 : 0;
  const extended = Buffer.alloc(8);
  extended.writeBigUInt64BE(BigInt(length));
  const size =
    length < 126
      ? Buffer.from([first, bit | length])
      : length < 65_536
        ? Buffer.concat([Buffer.from([first, bit | 126]), extended.subarray(6)])
        : Buffer.concat([Buffer.from([first, bit | 127]), extended]);
  if (!masked) return Buffer.concat([size, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([size, mask, payload.map((byte, index) => byte ^ mask[index & 3]!)]);
}

/** Takes one frame of the server, which must be whole and not masked. */
async function takeFrame(connection: RawConnection) {
  const [first, second] = await connection.take(2);
  expect(first! & 0xf0).toBe(0x80);
  expect(second! & 0x80).toBe(0);
  const extended = second === 126 ? 2 : second === 127 ? 8 : 0;
  const bytes = await connection.take(extended);
  const length = extended === 0 ? second! : bytes.readUIntBE(Math.max(extended - 6, 0), Math.min(extended, 6));
  return { opcode: first! & 0x0f, payload: await connection.take(length) };
}

async function openWebSocket() {
  const connection = await openRaw((await startPod()).port);
  const { status, head } = await connection.ask({ path: '/ws', headers: upgradeHeaders });
  expect(status).toBe(101);
  // The example of RFC 6455, section 1.3.
  expect(head).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  return connection;
}

describe("the session pod's WebSocket", () => {
  it("echoes texts and bytes to Node's own client, up to 16 MiB", async () => {
    const pod = await startPod();
    const client = new WebSocket(`${pod.url}/ws`);
    client.binaryType = 'arraybuffer';
    await new Promise((resolve) => client.addEventListener('open', resolve));
    const echo = (message: string | Uint8Array<ArrayBuffer>) =>
      new Promise<unknown>((resolve) => {
        client.addEventListener('message', ({ data }) => resolve(data), { once: true });
        client.send(message);
      });
    for (const text of ['', 'hello', 'größer 🙂', 'x'.repeat(126), 'y'.repeat(65_536)])
      expect(await echo(text)).toBe(text);
    const bytes = new Uint8Array(16 * 1024 * 1024).fill(7);
    expect(Buffer.from((await echo(bytes)) as ArrayBuffer).equals(bytes)).toBe(true);
    const closed = new Promise<CloseEvent>((resolve) => client.addEventListener('close', resolve));
    client.close(4001, 'done');
    expect(await closed).toMatchObject({ code: 4001, wasClean: true });
    expect(await pod.logged(({ event }) => event === 'websocket-closed')).toMatchObject({ code: 4001 });
  });

  it('answers pings in the middle of a message that comes in pieces, however the bytes are cut', async () => {
    const connection = await openWebSocket();
    const bytes = Buffer.concat([
      frame({ opcode: 1, payload: 'one ', final: false }),
      frame({ opcode: 9, payload: 'ping' }),
      frame({ opcode: 10 }),
      frame({ opcode: 0, payload: Buffer.from('zwö').subarray(0, 3), final: false }),
      frame({ opcode: 0, payload: Buffer.from('zwö').subarray(3) }),
      frame({ opcode: 2, payload: Buffer.alloc(300, 1) }),
    ]);
    for (let at = 0; at < bytes.length; at += 7) {
      connection.send(bytes.subarray(at, at + 7));
      if (at % 70 === 0) await new Promise(setImmediate);
    }
    expect(await takeFrame(connection)).toEqual({ opcode: 10, payload: Buffer.from('ping') });
    expect(await takeFrame(connection)).toEqual({ opcode: 1, payload: Buffer.from('one zwö') });
    expect(await takeFrame(connection)).toEqual({ opcode: 2, payload: Buffer.alloc(300, 1) });
    connection.send(frame({ opcode: 8, payload: Buffer.from([0x03, 0xe8]) }));
    expect(await takeFrame(connection)).toEqual({ opcode: 8, payload: Buffer.from([0x03, 0xe8]) });
    await connection.closed;
  });

  it.each([
    ['a frame without a mask', 1002, [frame({ opcode: 1, payload: 'a', masked: false })]],
    ['a reserved bit', 1002, [frame({ opcode: 1, reserved: 0x40 })]],
    ['an unknown opcode', 1002, [frame({ opcode: 3 })]],
    ['a ping in pieces', 1002, [frame({ opcode: 9, final: false })]],
    ['a ping that is too long', 1002, [frame({ opcode: 9, payload: Buffer.alloc(126) })]],
    ['a piece of nothing', 1002, [frame({ opcode: 0 })]],
    ['a message inside of a message', 1002, [frame({ opcode: 1, final: false }), frame({ opcode: 1 })]],
    ['a text that is not UTF-8', 1007, [frame({ opcode: 1, payload: Buffer.from([0xc3, 0x28]) })]],
    ['a close code of one byte', 1002, [frame({ opcode: 8, payload: 'x' })]],
    ['a close code nobody may send', 1002, [frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) })]],
    ['a message above 16 MiB', 1009, [frame({ opcode: 2, length: 16 * 1024 * 1024 + 1 })]],
    ['an absurd length', 1009, [frame({ opcode: 2, length: Number.MAX_SAFE_INTEGER })]],
    [
      'pieces that are above 16 MiB together',
      1009,
      [frame({ opcode: 2, payload: Buffer.alloc(16 * 1024 * 1024), final: false }), frame({ opcode: 0, payload: 'x' })],
    ],
  ])('ends for %s with %i', async (_what, code, frames) => {
    const connection = await openWebSocket();
    for (const bytes of frames) connection.send(bytes);
    const { opcode, payload } = await takeFrame(connection);
    expect([opcode, payload.readUInt16BE(0)]).toEqual([8, code]);
    await connection.closed;
  });

  it.each([
    ['another path', { path: '/elsewhere', headers: upgradeHeaders }, 404],
    ['another version', { path: '/ws', headers: { ...upgradeHeaders, 'Sec-WebSocket-Version': '8' } }, 426],
    ['a key that is none', { path: '/ws', headers: { ...upgradeHeaders, 'Sec-WebSocket-Key': 'x' } }, 400],
    ['another protocol', { path: '/ws', headers: { ...upgradeHeaders, Upgrade: 'h2c' } }, 400],
  ])('is refused for %s', async (_what, request, status) => {
    const connection = await openRaw((await startPod()).port);
    expect((await connection.ask(request)).status).toBe(status);
    await connection.closed;
  });
});
