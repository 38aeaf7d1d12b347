/** Bounds of the gateway's server. */
export interface GatewayLimits {
  /** Request line and headers together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** From the first byte of a head, or from the connection's beginning, to the end of the head. */
  readonly headerMs: number;
  /** Connections of one client address. */
  readonly socketsPerClient: number;
  /** A connection without a request is kept that long; longer than what load balancers keep theirs. */
  readonly keepAliveMs: number;
}

export const gatewayLimits: GatewayLimits = {
  headerBytes: 16_384,
  headerCount: 100,
  headerMs: 10_000,
  socketsPerClient: 64,
  keepAliveMs: 75_000,
};
