import type { ServerResponse } from 'node:http';
import { mintToken } from '../../../platform/auth/mint-token.ts';
import { createTokenVerifier } from '../../../platform/auth/token-verifier.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { Problem } from '../../../triggers/http/problems/problem.ts';
import { type GatewayServerOptions, createGatewayServer } from '../../../triggers/gateway/server/gateway-server.ts';
import type { SessionExchange } from '../../../triggers/gateway/session/session-exchange.ts';
import { captureLog } from '../log-capture.ts';
import { type StubRuns, createStubRuns } from './stub-runs.ts';

export const secret = new TextEncoder().encode('thirty-two bytes or more, as it has to be');
export const issuer = 'https://id.example';
export const audience = 'podkeeper';

const classOf = (name: string): SessionClass => ({
  name,
  image: 'image',
  port: 8080,
  resources: { requests: {}, limits: {} },
  env: {},
  probePath: '/healthz',
  idleTimeoutSeconds: 600,
  maxLifetimeSeconds: 28_800,
  holdSeconds: 30,
  drainSeconds: 30,
  bodyLimitBytes: 10_485_760,
  identity: 'none',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
});

export interface Token {
  readonly subject?: string;
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly lifetimeSeconds?: number;
}

export function tokenOf({ subject = 'alice', scopes = [], claims = {}, lifetimeSeconds = 3600 }: Token = {}) {
  return mintToken({ secret, issuer, audience, subject, scopes, lifetimeSeconds, claims });
}

type Forward = (exchange: SessionExchange, response: ServerResponse) => Promise<void>;

export interface GatewayRig {
  readonly port: number;
  readonly url: string;
  readonly runs: StubRuns;
  /** What reached a session's pod, or would have. */
  readonly forwarded: SessionExchange[];
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly log: ReturnType<typeof captureLog>;
  /** How pods answer from now on. */
  answerBy(forward: Forward): void;
  stop(how?: { readonly delayMs?: number; readonly drainMs?: number }): Promise<void>;
}

export type RigOptions = Partial<
  Pick<GatewayServerOptions, 'verify' | 'sessions' | 'tls' | 'limits' | 'closeOnTokenExpiry' | 'tunnels' | 'routes'>
>;

/** A pod that reads all of a request, then says what it got. */
export const echo: Forward = async ({ request, path, requestId }, response) => {
  let bytes = 0;
  if (request.headers.expect !== undefined) response.writeContinue();
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  if (response.destroyed) return;
  const text = JSON.stringify({ path, bytes });
  response.writeHead(200, ['Content-Length', String(Buffer.byteLength(text)), 'X-Request-Id', requestId]);
  await new Promise<void>((resolve) => {
    response.once('close', resolve).end(text);
  });
};

/** A real gateway server; what it hands requests to are stand-ins. */
export async function startGatewayRig(options: RigOptions = {}): Promise<GatewayRig> {
  const forwarded: SessionExchange[] = [];
  const runs = createStubRuns();
  const metrics = createMetrics();
  const log = captureLog();
  let forward = echo;
  const server = createGatewayServer({
    verify: createTokenVerifier({ secrets: [secret], issuer, audience }),
    sessions: { tenantClaim: '', ownerClaim: 'sub' },
    classes: new Map(['default', 'large'].map((name) => [name, classOf(name)])),
    proxy: {
      forward: (exchange, response) => {
        forwarded.push(exchange);
        return forward(exchange, response);
      },
    },
    tunnels: {
      open: () => Promise.reject(new Problem('connect_failed')),
      closeAll: () => Promise.resolve(),
    },
    runs,
    routes: { notReady: () => undefined, find: () => undefined },
    closeOnTokenExpiry: false,
    metrics,
    logger: log.logger,
    ...options,
    limits: { socketsPerClient: 10_000, ...options.limits },
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    runs,
    forwarded,
    metrics,
    log,
    answerBy: (next) => void (forward = next),
    stop: ({ delayMs = 0, drainMs = 0 } = {}) => server.stop({ delayMs, drainMs }),
  };
}
