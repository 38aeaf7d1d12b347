import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A TCP proxy before one server, that can do to its connections what networks do. */
export interface CuttingProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly connectionCount: number;
  readonly openCount: number;
  /** Resets every open connection. */
  cut(): void;
  /** Resets every open connection and refuses new ones. */
  refuse(): void;
  accept(): Promise<void>;
  close(): void;
}

export async function startCuttingProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const serve = () =>
    createServer((near) => {
      connectionCount += 1;
      const far = connect(target.port, target.host);
      sockets.add(near);
      near.pipe(far).pipe(near);
      // Whatever ends one side ends the other; the test looks at what the client does about it.
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      far.on('close', () => near.destroy());
      near.on('close', () => {
        sockets.delete(near);
        far.destroy();
      });
    });
  const listen = (server: Server, port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  let server = serve();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const refuse = () => {
    server.close();
    cut();
  };
  return {
    port,
    get connectionCount() {
      return connectionCount;
    },
    get openCount() {
      return sockets.size;
    },
    cut,
    refuse,
    accept: async () => {
      server = serve();
      await listen(server, port);
    },
    close: refuse,
  };
}
