import { randomBytes } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReadFrame {
  readonly opcode: number;
  readonly final: boolean;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** A WebSocket peer on which a test decides each byte: a client, or a pod that was written for the test. */
export interface RawPeer {
  readonly socket: Socket;
  readonly send: (bytes: Buffer | string) => void;
  /** The next line-ended head: an answer or a request. */
  readonly head: () => Promise<string>;
  readonly frame: () => Promise<ReadFrame>;
  /** All that is left when the other side has ended. */
  readonly rest: () => Promise<Buffer>;
  readonly closed: Promise<void>;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** The example of RFC 6455, section 1.3. */
export const key = 'dGhlIHNhbXBsZSBub25jZQ==';
export const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
export const accepted = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
export const path = '/api/v1/session/alice-1/proxy/ws';

export function frameOf(options: {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly final?: boolean;
  readonly masked?: boolean;
}): Buffer {
  const { opcode, final = true, masked = true } = options;
  const payload = Buffer.from(options.payload ?? '');
  const length = payload.length;
  const extended = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = extended.length === 0 ? length : extended.length === 2 ? 126 : 127;
  const head = Buffer.from([(final ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short]);
  if (!masked) return Buffer.concat([head, extended, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, extended, mask, payload.map((byte, index) => byte ^ mask[index & 3]!)]);
}

export const closeCode = ({ payload }: ReadFrame) => payload.readUInt16BE(0);

export function upgradeText(headers: Readonly<Record<string, string>> = {}, target = path): string {
  const all = {
    Host: 'gateway',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`GET ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

export async function openRaw(port: number, options: { readonly allowHalfOpen?: boolean } = {}): Promise<RawPeer> {
  const socket = connect({ host: '127.0.0.1', port, ...options });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return rawPeer(socket);
}

/** A client whose WebSocket is open. Fails when it is refused. */
export async function openWebSocket(port: number, headers?: Readonly<Record<string, string>>): Promise<RawPeer> {
  const peer = await openRaw(port);
  peer.send(upgradeText(headers));
  const head = await peer.head();
  if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`The WebSocket was refused: ${head}`);
  return peer;
}

export function rawPeer(socket: Socket): RawPeer {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  let wake: () => void = () => undefined;
  const add = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    wake();
  };
  const end = () => {
    over = true;
    wake();
  };
  socket.on('data', add).on('end', end).on('close', end);
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const joined = () => {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks.splice(0, chunks.length, bytes);
    return bytes;
  };
  const more = () => new Promise<void>((resolve) => (wake = resolve));
  const take = async (count: number) => {
    if (count === 0) return Buffer.alloc(0);
    while (size < count) {
      if (over) throw new Error(`The connection ended after ${size} of ${count} bytes.`);
      await more();
    }
    const bytes = joined();
    chunks.splice(0, 1, bytes.subarray(count));
    size -= count;
    return bytes.subarray(0, count);
  };
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    async head() {
      for (;;) {
        const at = joined().indexOf('\r\n\r\n');
        if (at >= 0) return (await take(at + 4)).toString('latin1');
        if (over) throw new Error(`The connection ended without a head: ${joined().toString('latin1')}`);
        await more();
      }
    },
    async frame() {
      const [first = 0, second = 0] = await take(2);
      const short = second & 0x7f;
      const extended = await take(short === 126 ? 2 : short === 127 ? 8 : 0);
      const length =
        short === 126 ? extended.readUInt16BE() : short === 127 ? Number(extended.readBigUInt64BE()) : short;
      const masked = (second & 0x80) !== 0;
      const mask = await take(masked ? 4 : 0);
      const payload = await take(length);
      const plain = masked ? payload.map((byte, index) => byte ^ mask[index & 3]!) : payload;
      return { opcode: first & 0x0f, final: (first & 0x80) !== 0, masked, payload: Buffer.from(plain) };
    },
    async rest() {
      while (!over) await more();
      return take(size);
    },
    closed,
  };
}

/** Waits until something is so; the test's own limit ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}
