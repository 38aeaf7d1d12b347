import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { randomInt } from 'node:crypto';

/** Ports nobody else can take until they are released, each just before its server starts. */
export interface ReservedPorts<Name extends string> {
  readonly ports: Readonly<Record<Name, number>>;
  readonly release: (names: readonly Name[]) => Promise<void>;
}

// Below Linux's ephemeral range (32768 and up): a server that is killed and started again on its port must not find it
// taken by somebody's outgoing connection.
const firstPort = 20_000;
const lastPort = 32_000;

/** Reserves one free random port for every name, on all addresses. */
export async function reservePorts<Name extends string>(names: readonly Name[]): Promise<ReservedPorts<Name>> {
  const held = new Map<Name, { port: number; server: Server }>();
  for (const name of names) held.set(name, await holdRandomPort());
  return {
    ports: Object.fromEntries([...held].map(([name, { port }]) => [name, port])) as Record<Name, number>,
    release: async (released) => {
      await Promise.all(released.map((name) => closeServer(held.get(name)?.server)));
    },
  };
}

async function holdRandomPort(): Promise<{ port: number; server: Server }> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(firstPort, lastPort);
    const server = createServer((socket) => socket.destroy());
    if (await tryListen(server, port)) return { port, server };
  }
  throw new Error(`No free port between ${firstPort} and ${lastPort} was found in 200 attempts.`);
}

function tryListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => {
      resolve(true);
    });
  });
}

function closeServer(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server?.listening !== true) resolve();
    else
      server.close(() => {
        resolve();
      });
  });
}
