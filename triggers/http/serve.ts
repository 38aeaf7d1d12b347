import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../platform/logger.ts';
import type { HttpApp } from './http-app.ts';

/** How long a connection may be silent once the server stops; a request may be on its way just then. */
const silenceMs = 500;

export interface ServeOptions {
  readonly app: HttpApp;
  readonly host: string;
  /** 0 takes a free one; the log and the answer say which. */
  readonly port: number;
  readonly logger: Logger;
}

export interface Serving {
  readonly port: number;
  /** Takes no new connections, answers what is in flight, closes each connection, and cuts what is left in the end. */
  readonly stop: (graceSeconds: number) => Promise<void>;
}

/** Takes connections. Throws an Error that names the setting when the port cannot be taken. */
export async function serve({ app, host, port, logger }: ServeOptions): Promise<Serving> {
  const connections = followConnections(app.server);
  try {
    // For localhost fastify would open a second server that nobody follows.
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port, listenTextResolver: () => 'listening' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot listen on ${host}:${port}: ${reason}. Set HTTP_PORT (0 for a free one) or HTTP_HOST.`, {
      cause: error,
    });
  }
  const bound = (app.server.address() as AddressInfo).port;
  logger.info({ host, port: bound }, 'serving the HTTP API; /docs is a page to try it');
  return {
    port: bound,
    stop: async (graceSeconds) => {
      const closed = app.close();
      connections.closeAfterAnswer();
      const done = new AbortController();
      void cutLate(connections, graceSeconds * 1000, done.signal);
      try {
        await closed;
      } finally {
        done.abort();
      }
    },
  };
}

/** Node looks for slow requests no longer once its server is closing: without this, half a request keeps the process. */
async function cutLate(connections: Connections, graceMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.min(silenceMs, graceMs), undefined, { signal });
    connections.cutSilent();
    await sleep(Math.max(graceMs - silenceMs, 0), undefined, { signal });
    connections.cutAll();
  } catch {
    // All were closed before: nothing is left to cut.
  }
}

interface Connections {
  /** Tells clients with a request in flight to open another connection for the next one. */
  closeAfterAnswer(): void;
  /** Cuts the connections that no request is in flight on; half a head is no request yet. */
  cutSilent(): void;
  cutAll(): void;
}

function followConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response: ServerResponse) => {
    answers.add(response);
    response.once('close', () => answers.delete(response));
  });
  return {
    closeAfterAnswer() {
      for (const answer of answers) if (!answer.headersSent) answer.setHeader('connection', 'close');
    },
    cutSilent() {
      const busy = new Set([...answers].map(({ socket }) => socket));
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
    },
    cutAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
