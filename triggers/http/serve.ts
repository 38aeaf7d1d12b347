import type { AddressInfo } from 'node:net';
import type { Logger } from '../../platform/logger.ts';
import { cutLate, followConnections } from './connections.ts';
import type { HttpApp } from './http-app.ts';

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
      void cutLate({ connections, graceMs: graceSeconds * 1000, signal: done.signal });
      try {
        await closed;
      } finally {
        done.abort();
      }
    },
  };
}
