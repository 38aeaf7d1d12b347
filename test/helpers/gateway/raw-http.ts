import { type Socket, connect } from 'node:net';

export interface RawAnswer {
  /** Everything the server sent. */
  readonly text: string;
  /** Status of each answer in it. */
  readonly statuses: readonly number[];
  /** Whether the server closed the connection. */
  readonly closed: boolean;
}

export interface RawOptions {
  readonly port: number;
  /** Bytes as they are, one character each; parts are sent one after the other. */
  readonly parts: readonly (string | Buffer)[];
  readonly pauseMs?: number;
  /** Given up on after that. */
  readonly waitMs?: number;
  /** Ends the wait. */
  readonly until?: (text: string) => boolean;
}

/** Sends bytes and takes what comes until the server closes, or nothing is waited for any more. */
export async function sendRaw({ port, parts, pauseMs = 5, waitMs = 1500, until }: RawOptions): Promise<RawAnswer> {
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  let closed = false;
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until?.(text) === true) end();
    });
    socket.on('close', () => {
      closed = true;
      end();
    });
    socket.on('end', () => {
      closed = true;
    });
    socket.on('error', () => undefined);
  });
  for (const [index, part] of parts.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  }
  await over;
  socket.destroy();
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { text, statuses, closed };
}

/** The body of the first answer, as a problem document. */
export function problemOf(text: string): {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
} {
  const [, body = ''] = text.split('\r\n\r\n');
  return JSON.parse(body) as { code: string; detail: string; requestId: string };
}
