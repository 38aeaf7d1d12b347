import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One reason why a process may not be ready. */
export interface ReadinessCheck {
  readonly name: string;
  /** What is wrong now, in a few words without secrets; undefined when nothing is. */
  readonly problem: () => string | undefined;
}

export interface HealthServerOptions {
  readonly host: string;
  /** 0 takes a free one; the server says which. */
  readonly port: number;
  readonly metrics: Pick<Metrics, 'registry'>;
  /** Asked at each request; the process is ready when none of them sees a problem. */
  readonly checks: readonly ReadinessCheck[];
  readonly logger: Logger;
}

export interface HealthServer {
  readonly port: number;
  /** Stops listening and cuts what is still open. */
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A probe or a scrape is a few headers and no body. */
const limits = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 1000,
} as const;
const maxConnections = 64;

/**
 * Serves `/health` (the process answers), `/ready` (200, or 503 with what is wrong) and `/metrics` (Prometheus). Throws
 * an Error that names the setting when the port cannot be taken.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port, logger } = options;
  const server = createServer(limits, (request, response) => {
    respond(options, request, response).catch((error: unknown) => {
      logger.error({ err: error, path: request.url }, 'health request failed');
      send(response, { status: 500, type: 'text/plain', body: 'internal error, see the log\n' });
    });
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot listen on ${host}:${port}: ${reason}. Set METRICS_PORT (0 for a free one) or METRICS_HOST.`,
      {
        cause: error,
      },
    );
  });
  const bound = (server.address() as AddressInfo).port;
  logger.info({ host, port: bound }, 'serving /health, /ready and /metrics');
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(options: HealthServerOptions, request: IncomingMessage, response: ServerResponse) {
  request.resume();
  const path = request.url?.split('?', 1)[0] ?? '';
  const answer = answers.get(path);
  if (answer === undefined) {
    const body = 'not found; there are /health, /ready and /metrics\n';
    send(response, { status: 404, type: 'text/plain', body });
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    send(response, { status: 405, type: 'text/plain', body: 'only GET and HEAD\n' });
  } else send(response, await answer(options));
}

const answers = new Map<string, (options: HealthServerOptions) => Answer | Promise<Answer>>([
  ['/health', () => json(200, { status: 'ok' })],
  [
    '/ready',
    ({ checks }) => {
      const results = checks.map(({ name, problem }) => ({ name, problem: problem() ?? null }));
      const ready = results.every(({ problem }) => problem === null);
      return json(ready ? 200 : 503, { ready, checks: results });
    },
  ],
  [
    '/metrics',
    async ({ metrics: { registry } }) => ({
      status: 200,
      type: registry.contentType,
      body: await registry.metrics(),
    }),
  ],
]);

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
