import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Server as TlsServer } from 'node:tls';
import { Problem } from '../../http/problems/problem.ts';
import { problemText } from '../../http/problems/problem-text.ts';

/** A client that does not take its answer is not waited for. */
const answerMs = 1000;

export interface ClientSockets {
  /** Cuts everything, also what has not got through its TLS handshake. */
  cutAll(): void;
}

export interface ClientSocketsOptions {
  readonly server: Server;
  readonly perClient: number;
  readonly onRefused: () => void;
}

/** Counts the connections of each client address and refuses those above the bound: one client can't have them all. */
export function boundClientSockets({ server, perClient, onRefused }: ClientSocketsOptions): ClientSockets {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  const secure = server instanceof TlsServer;
  server.prependListener('connection', (socket: Socket) => {
    const address = clientAddress(socket);
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
    if (count <= perClient) return;
    onRefused();
    refuse(socket, secure);
  });
  return {
    cutAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Without a handshake there is no way to say why. */
function refuse(socket: Socket, secure: boolean): void {
  socket.on('error', () => undefined);
  if (secure) {
    socket.destroy();
    return;
  }
  const problem = new Problem('rate_limited', { detail: 'Too many connections from this address. Keep fewer open.' });
  socket.end(problemText(problem, randomUUID()));
  setTimeout(() => socket.destroy(), answerMs).unref();
}

/** IPv4 addresses as they are, also where node shows them in IPv6. */
export function clientAddress({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
}
