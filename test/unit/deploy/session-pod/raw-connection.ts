import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One TCP connection on which a test decides each byte. */
export interface RawConnection {
  readonly send: (bytes: Buffer | string) => void;
  /** Takes the next `count` bytes; fails when the other side ends before. */
  readonly take: (count: number) => Promise<Buffer>;
  /** Sends a request and takes its answer, which must have a Content-Length or be a 101. */
  readonly ask: (request: RawRequest) => Promise<RawAnswer>;
  /** Resolves when the other side has ended. */
  readonly closed: Promise<void>;
  readonly destroy: () => void;
}

interface RawRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: unknown;
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: '127.0.0.1', port });
  let received = Buffer.alloc(0);
  let over = false;
  socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])));
  // A reset is an end like another for these tests; what is missing then is said by `take`.
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      over = true;
      resolve();
    }),
  );
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));

  const take = async (count: number) => {
    while (received.length < count) {
      if (over) throw new Error(`The connection ended after ${received.length} of ${count} bytes.`);
      await sleep(5);
    }
    const taken = received.subarray(0, count);
    received = received.subarray(count);
    return taken;
  };
  const takeHead = async () => {
    let length = 4;
    while (!received.subarray(0, length).includes('\r\n\r\n')) {
      length = Math.max(length, received.length);
      if (over && !received.includes('\r\n\r\n')) throw new Error('The connection ended without an answer.');
      await sleep(5);
    }
    return (await take(received.indexOf('\r\n\r\n') + 4)).toString();
  };
  const ask = async ({ path, headers = {} }: RawRequest): Promise<RawAnswer> => {
    const lines = [`GET ${path} HTTP/1.1`, 'Host: pod', ...Object.entries(headers).map((pair) => pair.join(': '))];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const head = await takeHead();
    const bytes = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body: unknown = bytes === 0 ? null : JSON.parse((await take(bytes)).toString());
    return { status: Number(head.slice(9, 12)), head, body };
  };
  return { send: (bytes) => void socket.write(bytes), take, ask, closed, destroy: () => void socket.destroy() };
}

export const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
