import { type Socket, connect } from 'node:net';

/** What is asked, and where. */
export interface LoadTarget {
  readonly port: number;
  readonly path: string;
  /** Beside Host. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One keep-alive connection with one request in flight at most. */
export interface LoadConnection {
  /** Sends the request; `answered` is called once, when the answer is whole. Anything but a 200 breaks the load. */
  readonly ask: (answered: () => void) => void;
  readonly close: () => void;
}

/** Enough to know that an answer is whole, and no more: the load must cost less than what it loads. */
export async function openLoadConnection(
  { port, path, headers }: LoadTarget,
  onFailure: (error: Error) => void,
): Promise<LoadConnection> {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`);
  let received = '';
  let waiting: (() => void) | undefined;
  let isClosed = false;
  const fail = (reason: string) => {
    if (!isClosed) onFailure(new Error(`port ${port}: ${reason}`));
  };
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received = received === '' ? text : received + text;
    const length = answerLength(received);
    if (length === undefined || received.length < length) return;
    if (!received.startsWith('HTTP/1.1 200 ')) fail(`answered ${received.slice(0, 500)}`);
    received = received.slice(length);
    const answered = waiting;
    waiting = undefined;
    answered?.();
  });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('closed the connection'));
  return {
    ask(answered) {
      waiting = answered;
      socket.write(request);
    },
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
}

/** Undefined while the head is not whole. Every way answers with a Content-Length or in one chunk. */
function answerLength(text: string): number | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  if (length !== undefined) return headEnd + 4 + Number(length);
  const end = text.indexOf('\r\n0\r\n\r\n', headEnd);
  return end < 0 ? undefined : end + 7;
}
