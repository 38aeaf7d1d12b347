import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../session/caller.ts';

/** A request that is being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** By `performance.now()`. */
  readonly receivedAtMs: number;
  readonly abort: AbortController;
  /** Known once its token was checked. */
  caller?: Caller;
  /** A Problem was sent; whatever else comes of it is too late. */
  refused: boolean;
  /** Where it is among the requests in flight; theirs to change. */
  place: number;
}

/** Requests in flight. */
export interface Exchanges {
  add(exchange: Exchange): void;
  delete(exchange: Exchange): void;
  /** Aborts all of them. */
  abortAll(reason: Error): void;
  close(): void;
}

export interface ExchangesOptions {
  /** Left out, a request may go on after its token has expired. */
  readonly onExpiredToken?: (exchange: Exchange) => void;
}

const lookMs = 1000;

/**
 * One timer looks at all of them: a timer for each request would cost more than the requests. They are in an array,
 * because a Set that is added to and deleted from all the time is copied again and again, and V8's copies, once one of
 * them is old, keep all that follow alive (each points to the next) with the requests in them, until a full collection.
 */
export function createExchanges({ onExpiredToken }: ExchangesOptions): Exchanges {
  const all: Exchange[] = [];
  const endExpired = (): void => {
    const nowMs = Date.now();
    for (const exchange of [...all])
      if (!exchange.refused && (exchange.caller?.expiresAtMs ?? Infinity) <= nowMs) onExpiredToken?.(exchange);
  };
  const timer = onExpiredToken === undefined ? undefined : setInterval(endExpired, lookMs).unref();
  return {
    add(exchange) {
      exchange.place = all.push(exchange) - 1;
    },
    delete(exchange) {
      if (all[exchange.place] !== exchange) return;
      const last = all.pop();
      if (last === undefined || last === exchange) return;
      last.place = exchange.place;
      all[last.place] = last;
    },
    abortAll(reason) {
      for (const { abort } of [...all]) abort.abort(reason);
    },
    close: () => clearInterval(timer),
  };
}
