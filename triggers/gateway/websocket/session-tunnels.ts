import type { Duplex } from 'node:stream';
import type { SessionExchange } from '../session/session-exchange.ts';

/** Carries WebSockets to session pods. */
export interface SessionTunnels {
  /**
   * Takes an upgrade request. Resolves when the tunnel is closed. Throws a Problem, and only while nothing was sent to the
   * client. A pod's own refusal (any status but 101) is passed on.
   */
  open(exchange: SessionExchange, socket: Duplex, head: Buffer): Promise<void>;
  readonly count: number;
  /** Tells every client and pod 1001 at the next frame boundary, and cuts what is left after `graceMs`. */
  closeAll(graceMs: number): Promise<void>;
}
