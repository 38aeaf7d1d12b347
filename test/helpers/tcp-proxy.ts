import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** `host:port` of the proxy. */
  readonly address: string;
  /** Keeps every connection open, and holds back what comes from the server, as a hanging one would. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => Promise<void>;
}

/** Stands between a client and a server, so that a test can take the server away from one client only. */
export async function startTcpProxy(target: string, port = 0): Promise<TcpProxy> {
  const at = target.lastIndexOf(':');
  const upstreams = new Set<Socket>();
  const sockets = new Set<Socket>();
  let paused = false;
  const server = createServer((downstream) => {
    const upstream = connect(Number(target.slice(at + 1)), target.slice(0, at));
    upstreams.add(upstream);
    for (const [socket, other] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    upstream.on('close', () => upstreams.delete(upstream));
    downstream.pipe(upstream);
    upstream.on('data', (chunk) => downstream.write(chunk));
    if (paused) upstream.pause();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    address: `127.0.0.1:${bound}`,
    pause: () => {
      paused = true;
      for (const upstream of upstreams) upstream.pause();
    },
    resume: () => {
      paused = false;
      for (const upstream of upstreams) upstream.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
