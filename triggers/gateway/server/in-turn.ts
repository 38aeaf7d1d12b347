import type { Socket } from 'node:net';
import type { Exchange } from './exchanges.ts';

/** What came on a connection and is not answered. */
export interface Turns {
  /** The first is being answered, the others wait: what one request does may matter to the next. */
  readonly waiting: (() => void)[];
  current?: Exchange;
  /** What came last was no request: no more can follow. */
  broken: boolean;
}

/** A client that sends more without waiting for answers is cut off. */
const maxPipelined = 64;

/** Requests that come on one connection without waiting for answers, one after the other. */
export function createTurns() {
  const bySocket = new WeakMap<object, Turns>();
  return {
    of: (socket: object): Turns | undefined => bySocket.get(socket),
    /** Starts a request when those before it on its connection are answered. Call `next` when it is. */
    enter(socket: Socket, start: () => void): void {
      // Node reads on while a connection is being closed.
      if (!socket.writable) return;
      let turns = bySocket.get(socket);
      if (turns === undefined) bySocket.set(socket, (turns = { waiting: [], broken: false }));
      turns.waiting.push(start);
      if (turns.waiting.length === 1) start();
      else if (turns.waiting.length > maxPipelined) socket.destroy();
    },
    next(socket: Socket): void {
      const turns = bySocket.get(socket);
      if (turns === undefined) return;
      turns.waiting.shift();
      delete turns.current;
      const [start] = turns.waiting;
      if (start === undefined) {
        if (turns.broken) socket.end();
      } else if (socket.writable) start();
      else turns.waiting.length = 0;
    },
  };
}
