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

/** One timer looks at all of them: a timer for each request would cost more than the requests. */
export function createExchanges({ onExpiredToken }: ExchangesOptions): Exchanges {
  const all = new Set<Exchange>();
  const endExpired = (): void => {
    const nowMs = Date.now();
    for (const exchange of all)
      if (!exchange.refused && (exchange.caller?.expiresAtMs ?? Infinity) <= nowMs) onExpiredToken?.(exchange);
  };
  const timer = onExpiredToken === undefined ? undefined : setInterval(endExpired, lookMs).unref();
  return {
    add: (exchange) => void all.add(exchange),
    delete: (exchange) => void all.delete(exchange),
    abortAll(reason) {
      for (const { abort } of all) abort.abort(reason);
    },
    close: () => clearInterval(timer),
  };
}
