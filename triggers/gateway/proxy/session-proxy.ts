import type { ServerResponse } from 'node:http';
import type { SessionExchange } from '../session/session-exchange.ts';

/** Carries requests to session pods and their answers back. */
export interface SessionProxy {
  /**
   * Resolves when the answer is over, however it ended. Throws a Problem, and only while nothing was sent to the client;
   * afterwards a fault cuts the client's connection.
   */
  forward(exchange: SessionExchange, response: ServerResponse): Promise<void>;
}
