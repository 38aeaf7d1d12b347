import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as afterReading, setTimeout as sleep } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';

/** How long a connection may be silent once the server stops; a request may be on its way just then. */
const silenceMs = 500;

/** The open connections of a server, and whether a request is in flight on each. */
export interface Connections {
  /** Tells clients with a request in flight to open another connection for the next one. */
  closeAfterAnswer(): void;
  /** Cuts the connections that no request is in flight on; half a head is no request yet. */
  cutSilent(): void;
  cutAll(): void;
  /** The connection is no longer one for requests; whoever has it closes it. */
  letGo(socket: unknown): void;
}

/** Follows the connections of a server, from before its first one. */
export function followConnections(server: Server): Connections {
  /** Answers in arrays: Sets that change with every request are copied again and again, and live on in each other. */
  const open = new Map<unknown, { readonly socket: Socket; readonly answers: ServerResponse[] }>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.set(socket, { socket, answers: [] });
    socket.once('close', () => open.delete(socket));
  });
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.prependListener(event, ({ socket }: { readonly socket: unknown }, response: ServerResponse) => {
      const answers = open.get(socket)?.answers;
      if (answers === undefined) return;
      answers.push(response);
      response.once('close', () => answers.splice(answers.indexOf(response), 1));
    });
  }
  return {
    closeAfterAnswer() {
      for (const { answers } of open.values())
        for (const answer of answers) if (!answer.headersSent) answer.setHeader('connection', 'close');
    },
    cutSilent() {
      for (const { socket, answers } of open.values()) if (answers.length === 0) socket.destroy();
    },
    cutAll() {
      for (const { socket } of open.values()) socket.destroy();
    },
    letGo(socket) {
      open.delete(socket);
    },
  };
}

export interface CutOptions {
  readonly connections: Connections;
  readonly graceMs: number;
  /** Aborted when all connections are closed. */
  readonly signal: AbortSignal;
}

/**
 * Closes what a server that takes no new connections still has open: what is silent, again and again, and in the end all.
 * Node looks for slow requests no longer once its server is closing: without this, half a request keeps the process.
 */
export async function cutLate({ connections, graceMs, signal }: CutOptions): Promise<void> {
  const endMs = performance.now() + graceMs;
  try {
    for (let leftMs = graceMs; leftMs > 0; leftMs = endMs - performance.now()) {
      await sleep(Math.min(silenceMs, leftMs), undefined, { signal });
      // A process that was held up has requests to read that came in time.
      await afterReading();
      connections.cutSilent();
    }
    connections.cutAll();
  } catch {
    // All were closed before: nothing is left to cut.
  }
}
