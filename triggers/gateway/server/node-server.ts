import { type Server, type ServerOptions, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { TlsFiles } from '../../../platform/tls/tls-files.ts';
import { isWebSocketRequest } from './websocket-request.ts';
import type { GatewayLimits } from './limits.ts';

/** Looked for slow heads that often. */
const checkMs = 1000;

/** A server of node with the gateway's bounds; nobody listens to it yet. HTTPS when there are certificates. */
export function createNodeServer(limits: GatewayLimits, tls: TlsFiles | undefined): Server {
  const options: ServerOptions = {
    insecureHTTPParser: false,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMs,
    // Bodies may stream for as long as they like; whoever reads one gives up on it when it is silent.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: checkMs,
    // Whether there is one, and only one, is checked with the rest of the head.
    requireHostHeader: false,
    noDelay: true,
    // A request without a body comes with its stream ended: nobody may wait for its 'end' or 'close'.
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: isWebSocketRequest,
  };
  const server = tls === undefined ? createServer(options) : withTls(options, tls, limits);
  // Node drops what is over it without a word; more than is allowed must be seen to be refused.
  server.maxHeadersCount = limits.headerCount * 2;
  return server;
}

function withTls(options: ServerOptions, tls: TlsFiles, { headerMs }: GatewayLimits): Server {
  const secure = { minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], handshakeTimeout: headerMs } as const;
  const server = createTlsServer({ ...options, ...secure, ...tls.current() });
  tls.onChange((pair) => server.setSecureContext({ ...pair, minVersion: secure.minVersion }));
  return server;
}
