import { type Socket, connect } from 'node:net';

export interface RawClient {
  readonly socket: Socket;
  readonly text: () => string;
  /** Resolves when what came so far matches. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
}

/** A connection that shows what really went over it. */
export function connectRaw(port: number): RawClient {
  const socket = connect(port, '127.0.0.1');
  let [text, over] = ['', false];
  const looks = new Set<() => void>();
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    looks.forEach((look) => look());
  });
  const ended = new Promise<void>((resolve) =>
    socket.once('close', () => {
      over = true;
      looks.forEach((look) => look());
      resolve();
    }),
  );
  return {
    socket,
    text: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve(text);
          else if (over) reject(new Error(`ended with: ${text}`));
        };
        looks.add(look);
        look();
      }),
    ended,
  };
}
