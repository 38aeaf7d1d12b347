import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type TestObject, statusBody } from './objects.ts';

/** The server's end of one accepted watch. */
export interface WatchStream {
  send(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: TestObject): void;
  bookmark(version: number): void;
  error(code: number, reason?: string): void;
  /** Any bytes; returns false once the connection takes no more for now. */
  raw(bytes: string | Uint8Array): boolean;
  end(): void;
  reset(): void;
  /** Resolves once the other side is gone. */
  readonly closed: Promise<void>;
  readonly isOpen: boolean;
}

export function openWatchStream(response: ServerResponse): WatchStream {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const socket = response.socket as Socket;
  socket.setNoDelay(true);
  let isOpen = true;
  const closed = new Promise<void>((resolve) => {
    response.on('close', () => {
      isOpen = false;
      resolve();
    });
  });
  const line = (event: unknown) => void response.write(`${JSON.stringify(event)}\n`);
  return {
    send: (type, object) => line({ type, object }),
    bookmark: (version) =>
      line({ type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: String(version) } } }),
    error: (code, reason = 'Test') => line({ type: 'ERROR', object: statusBody(code, reason) }),
    raw: (bytes) => response.write(bytes),
    end: () => void response.end(),
    reset: () => void socket.resetAndDestroy(),
    closed,
    get isOpen() {
      return isOpen;
    },
  };
}
