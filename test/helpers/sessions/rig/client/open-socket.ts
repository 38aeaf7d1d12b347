import { type Dispatcher, WebSocket } from 'undici';
import type { ClientRequest } from '../../witness/tables.ts';

/** An open WebSocket to the echo of a session pod. */
export interface OpenedSocket {
  /** Sends a text and waits for it to come back. Throws when the socket closes first. */
  readonly echo: (text: string) => Promise<string>;
  readonly send: (text: string) => void;
  readonly close: (code?: number) => void;
  /** Resolves when it is closed, by whichever side: the close code, 1006 without a close frame. */
  readonly closed: Promise<number>;
  readonly isOpen: () => boolean;
}

/** Opens it; for the witnesses it is a request that ends with its close. Throws when it is refused. */
export async function openSocket(input: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  readonly finish: (answered: Partial<Pick<ClientRequest, 'status' | 'error'>>) => unknown;
}): Promise<OpenedSocket> {
  const socket = new WebSocket(input.url, { headers: { ...input.headers }, dispatcher: input.dispatcher });
  let opened = false;
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => {
      input.finish(opened ? { status: 101 } : { error: 'the WebSocket was refused' });
      resolve(code);
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      opened = true;
      resolve();
    });
    void closed.then((code) => reject(new Error(`The WebSocket was refused (${code}).`)));
  });
  return {
    echo: (text) =>
      new Promise((resolve, reject) => {
        socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
        void closed.then((code) => reject(new Error(`The WebSocket closed with ${code}.`)));
        socket.send(text);
      }),
    send: (text) => socket.send(text),
    close: (code = 1000) => socket.close(code),
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
  };
}
