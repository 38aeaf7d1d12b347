import type { AddressInfo } from 'node:net';
import type { Logger } from '../../platform/logger.ts';
import type { HttpApp } from './http-app.ts';

export interface ServeOptions {
  readonly app: HttpApp;
  readonly host: string;
  /** 0 takes a free one; the log and the answer say which. */
  readonly port: number;
  readonly logger: Logger;
}

/** Takes connections. Throws an Error that names the setting when the port cannot be taken. Answers the port. */
export async function serve({ app, host, port, logger }: ServeOptions): Promise<number> {
  try {
    await app.listen({ host, port, listenTextResolver: () => 'listening' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot listen on ${host}:${port}: ${reason}. Set HTTP_PORT (0 for a free one) or HTTP_HOST.`, {
      cause: error,
    });
  }
  const bound = (app.server.address() as AddressInfo).port;
  logger.info({ host, port: bound }, 'serving the HTTP API; /docs is a page to try it');
  return bound;
}

/**
 * Takes no new connections, answers what is in flight, and cuts what is left after `graceSeconds`: node stops looking for
 * slow requests once its server is closing, so that half a request would otherwise keep the process.
 */
export async function stopServing(app: HttpApp, graceSeconds: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), graceSeconds * 1000);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
