import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Logger } from '../../../platform/logger.ts';

export interface ListenOptions {
  readonly server: Server;
  readonly host: string;
  /** 0 takes a free one; the log and the answer say which. */
  readonly port: number;
  readonly logger: Logger;
}

/** Takes connections; answers the port. Throws an Error that names the setting when the port can't be taken. */
export async function listen({ server, host, port, logger }: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot listen on ${host}:${port}: ${reason}. Set GATEWAY_PORT (0 for a free one) or GATEWAY_HOST.`,
      { cause: error },
    );
  });
  const bound = (server.address() as AddressInfo).port;
  logger.info({ host, port: bound }, 'the gateway takes requests');
  return bound;
}

/**
 * Takes no more connections; resolves when all are closed. The server's own `close` would also cut, at once, every
 * connection without a request in flight, and with it requests that are just on their way.
 */
export async function closeListener(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
  // What is left to do for it is to stop its timer; that it does not listen any more is known.
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
