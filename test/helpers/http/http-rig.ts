import { Client, Connection } from '@temporalio/client';
import { Pool } from 'undici';
import { type Scope, scopes } from '../../../domain/scopes.ts';
import { mintToken } from '../../../platform/auth/mint-token.ts';
import { createTokenVerifier } from '../../../platform/auth/token-verifier.ts';
import type { ReadinessCheck } from '../../../platform/health-server.ts';
import { createMetrics, type Metrics } from '../../../platform/metrics.ts';
import { createRunUrl } from '../../../platform/temporal/runs/run-url.ts';
import { createHttpApp } from '../../../triggers/http/app.ts';
import { authenticateByToken } from '../../../triggers/http/authenticate.ts';
import type { AddRoutes, HttpApp, HttpDependencies, HttpLimits } from '../../../triggers/http/http-app.ts';
import { freePort } from '../free-port.ts';
import { captureLog, type LogCapture } from '../log-capture.ts';
import { startWorkflowServers, type WorkflowServers } from '../workflows/workflow-servers.ts';
import { createOpenapiCheck, type OpenapiDocument } from './openapi-check.ts';

const rigSecret = new TextEncoder().encode('only for tests, thirty-two bytes or more');
const issuer = 'podkeeper';
const rigCluster = 'test';

export interface HttpCall {
  readonly method?: string;
  /** As it goes over the wire: `/api/v1/runs/pod%2Ftest…`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; give a content-type. */
  readonly rawBody?: string | Buffer;
  /** All scopes when left out. */
  readonly as?: readonly Scope[] | 'anonymous' | { readonly token: string };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Undefined when the answer is not JSON. */
  readonly json: unknown;
  /** `code` of a problem document. */
  readonly code: string | undefined;
}

/** What was seen over the wire: for the contract test. */
export interface Produced {
  readonly operationId: string;
  readonly status: number;
  readonly code: string | undefined;
}

/** The real API on a loopback port, with a real Temporal namespace of its own. */
export interface HttpRig {
  readonly app: HttpApp;
  readonly origin: string;
  readonly port: number;
  readonly cluster: string;
  readonly servers: WorkflowServers;
  readonly client: Client;
  readonly document: OpenapiDocument;
  readonly metrics: Metrics;
  readonly log: LogCapture;
  readonly limits: HttpLimits;
  readonly produced: Produced[];
  token(...held: readonly Scope[]): Promise<string>;
  /** Sends a request and throws unless its answer is as the OpenAPI document says: status, content type, body. */
  call(call: HttpCall): Promise<HttpAnswer>;
  /** The same API on another port whose Temporal cannot be reached. */
  withoutTemporal(): Promise<HttpRig>;
  /** The same API on another port with other limits. */
  withLimits(limits: Partial<HttpLimits>): Promise<HttpRig>;
  /** The same API on another port with anything else changed. */
  withDependencies(changed: Partial<HttpDependencies>): Promise<HttpRig>;
  close(): Promise<void>;
}

export interface HttpRigOptions {
  /** In place of all route files. */
  readonly routes?: readonly AddRoutes[];
  readonly changed?: Partial<HttpDependencies>;
}

/** Starts the API; `close` stops it, its variants and the namespace's workers. Takes a few seconds. */
export async function startHttpRig({ routes, changed = {} }: HttpRigOptions = {}): Promise<HttpRig> {
  const servers = await startWorkflowServers();
  const { client, namespace } = servers;
  const started: { close(): Promise<void> }[] = [];
  const produced: Produced[] = [];
  const verify = createTokenVerifier({ secrets: [rigSecret], issuer, audience: issuer });

  const start = async (parts: Partial<HttpDependencies>): Promise<HttpRig> => {
    const log = captureLog();
    const metrics = createMetrics();
    const dependencies: HttpDependencies = {
      cluster: rigCluster,
      client,
      temporalNamespace: namespace,
      runUrl: createRunUrl({ uiUrl: 'http://localhost:8233', namespace }),
      runSettings: { classificationTimeoutMs: 2000, failedRetentionSeconds: 3600, idleCheckSeconds: 3600 },
      watchDefaults: rigWatch,
      authenticate: authenticateByToken(verify),
      limits: rigLimits,
      checks: [],
      metrics,
      logger: log.logger,
      ...changed,
      ...parts,
    };
    const app = await createHttpApp(dependencies, routes);
    await app.listen({ host: '127.0.0.1', port: 0 });
    started.push(app);
    const { port } = app.server.address() as { port: number };
    const origin = `http://127.0.0.1:${port}`;
    const document = app.swagger() as unknown as OpenapiDocument;
    const check = createOpenapiCheck(document);
    // Sends a path as it is; `request` would take dot segments out of it.
    const pool = new Pool(origin);
    started.push({ close: () => pool.destroy() });

    const token = (...held: readonly Scope[]) =>
      mintToken({ secret: rigSecret, issuer, audience: issuer, subject: 'test', scopes: held, lifetimeSeconds: 600 });
    const authorization = async (as: HttpCall['as'] = Object.keys(scopes) as Scope[]) => {
      if (as === 'anonymous') return {};
      const value = 'token' in as ? as.token : await token(...as);
      return { authorization: `Bearer ${value}` };
    };
    const call = async ({ method = 'GET', path, query, headers, body, rawBody, as }: HttpCall) => {
      const sent = body === undefined ? rawBody : JSON.stringify(body);
      const response = await pool.request({
        path,
        method: method,
        ...(query !== undefined && { query }),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(await authorization(as)),
          ...headers,
        },
        ...(sent !== undefined && { body: sent }),
      });
      const text = await response.body.text();
      const { statusCode: status, headers: received } = response;
      const contentType = [received['content-type']].flat()[0];
      const found = check.find(method === 'HEAD' ? 'GET' : method, path.split('?', 1)[0] ?? '');
      check.checkAnswer(found, { status, contentType, text, withBody: method !== 'HEAD' });
      const json: unknown = contentType?.includes('json') && text !== '' ? JSON.parse(text) : undefined;
      const code = status >= 400 ? (json as { code?: string } | undefined)?.code : undefined;
      if (found !== undefined) produced.push({ operationId: found.operation.operationId, status, code });
      return { status, headers: received, text, json, code };
    };
    const withDependencies = (other: Partial<HttpDependencies>) => start({ ...parts, ...other });
    return {
      app,
      origin,
      port,
      cluster: rigCluster,
      servers,
      client,
      document,
      metrics,
      log,
      limits: dependencies.limits,
      produced,
      token,
      call,
      withDependencies,
      withLimits: (limits) => withDependencies({ limits: { ...dependencies.limits, ...limits } }),
      async withoutTemporal() {
        const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
        const unreachable = new Client({ connection, namespace }) as HttpDependencies['client'];
        const rig = await withDependencies({
          client: unreachable,
          checks: [temporalGone],
          limits: { ...dependencies.limits, requestTimeoutSeconds: 1 },
        });
        started.push({ close: () => connection.close() });
        return rig;
      },
      async close() {
        for (const part of started.reverse()) await part.close();
        await servers.close();
      },
    };
  };
  return await start({});
}

/** Wide enough for tests that are not about them. */
const rigLimits: HttpLimits = {
  requestsPerMinute: 1_000_000,
  requestTimeoutSeconds: 30,
  dispatchQueueLimit: 2000,
  dispatchConcurrency: 16,
};

const rigWatch: HttpDependencies['watchDefaults'] = {
  scope: { scopeName: 'all', namespaces: [], excludePatterns: [] },
  podRuns: 'all',
  coalesceMs: 20,
  dispatchConcurrency: 16,
  queueLimit: 1000,
  intervalSeconds: 600,
  classificationTimeoutMs: 2000,
  failedRetentionSeconds: 3600,
  idleCheckSeconds: 3600,
};
const temporalGone: ReadinessCheck = { name: 'temporal', problem: () => 'Temporal has not answered' };
