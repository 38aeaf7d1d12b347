import { type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach } from '@jest/globals';
import type { SessionClass } from '../../../../../domain/sessions/session-class.ts';
import { createLogger } from '../../../../../platform/logger.ts';
import { type Metrics, createMetrics } from '../../../../../platform/metrics.ts';
import { type SigningKeys, parseSigningKeys } from '../../../../../platform/sessions/signing-keys.ts';
import { createSessionProxy } from '../../../../../triggers/gateway/proxy/create-session-proxy.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import type { ReachOptions, ReachedSession } from '../../../../../triggers/gateway/session/reach-session.ts';
import { type UpstreamTimes, createUpstream } from '../../../../../triggers/gateway/upstream/create-upstream.ts';
import type { Upstream } from '../../../../../triggers/gateway/upstream/upstream.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';

const key = 'abcdefghijklmnopqrstuvwxyz';
const masterKey = 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export interface RigOptions {
  /** Answers each call of reach; the number of the call from 0. */
  readonly reach: (call: number, options: ReachOptions) => Route | Problem;
  /** What reach waits for. */
  readonly before?: Promise<unknown>;
  readonly class?: Partial<SessionClass>;
  readonly upstreamTimes?: Partial<UpstreamTimes>;
  readonly silenceMs?: number;
  readonly mayTrustAddress?: () => boolean;
}

export interface ProxyRig {
  readonly port: number;
  readonly url: string;
  readonly reached: readonly ReachOptions[];
  readonly dropped: readonly Route[];
  readonly metrics: Metrics;
  readonly upstream: Upstream;
  /** Leases taken and not yet released. */
  readonly leases: () => number;
  readonly forwarding: () => number;
  /** Aborts the signals of all requests in flight. */
  readonly abortAll: (reason: Error) => void;
  readonly close: () => Promise<void>;
}

export const signingKeys: SigningKeys = parseSigningKeys(masterKey);

const standardClass: SessionClass = {
  name: 'default',
  image: 'local.test/session:1',
  port: 8080,
  resources: { requests: {}, limits: {} },
  env: {},
  probePath: '/healthz',
  idleTimeoutSeconds: 600,
  maxLifetimeSeconds: 28_800,
  holdSeconds: 5,
  drainSeconds: 30,
  bodyLimitBytes: 300 * 1024 * 1024,
  identity: 'native',
  openSocketIsActive: true,
  busyPath: null,
  nodeSelector: {},
  tolerations: [],
};

export function routeTo(port: number, changes: Partial<Route> = {}): Route {
  const podUid = changes.podUid ?? 'uid-1';
  return {
    key,
    incarnation: 7,
    podUid,
    namespace: 'default',
    podName: `s-${key}-7`,
    class: 'default',
    address: '127.0.0.1',
    port,
    kid: 'k1',
    version: '1',
    ...changes,
  };
}

/** What the program of a session pod needs to be the pod of a route. */
export function podEnv(route: Pick<Route, 'podUid' | 'podName' | 'incarnation' | 'key'>): Record<string, string> {
  return {
    PODKEEPER_POD_KEY: signingKeys.podKey(route.podName, 'k1') ?? '',
    POD_UID: route.podUid,
    PODKEEPER_SESSION_KEY: route.key,
    PODKEEPER_INCARNATION: String(route.incarnation),
    SESSION_TESTS: '1',
  };
}

/** Called once at the top of a test file: a gateway of nothing but the proxy and its upstream, over a stand-in for reach. */
export function useProxyRigs(): (options: RigOptions) => Promise<ProxyRig> {
  const open: ProxyRig[] = [];
  afterEach(async () => {
    for (const rig of open.splice(0)) await rig.close();
  });
  return async (options) => {
    const rig = await createProxyRig(options);
    open.push(rig);
    return rig;
  };
}

async function createProxyRig(options: RigOptions): Promise<ProxyRig> {
  const sessionClass = { ...standardClass, ...options.class };
  const classes = new Map([['default', sessionClass]]);
  const metrics = createMetrics();
  const logger = createLogger({ level: 'silent', name: 'test' });
  const reached: ReachOptions[] = [];
  const dropped: Route[] = [];
  let latest: Route | undefined;
  const routes = {
    find: () => latest,
    mayTrustAddress: options.mayTrustAddress ?? (() => true),
    drop: (route: Route) => void dropped.push(route),
  };
  const upstream = createUpstream({
    classes,
    signingKeys,
    routes,
    metrics,
    logger,
    times: options.upstreamTimes ?? {},
  });
  const inFlight = new Set<AbortController>();
  let [leases, forwarding] = [0, 0];
  const proxy = createSessionProxy({
    upstream,
    routes,
    classes,
    metrics,
    times: options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs },
    reach: async (_target, reachOptions) => {
      reached.push(reachOptions);
      await options.before;
      const answer = options.reach(reached.length - 1, reachOptions);
      if (answer instanceof Problem) throw answer;
      latest = answer;
      leases += 1;
      let held = true;
      const release = () => {
        if (held) leases -= 1;
        held = false;
      };
      const lease = { ending: new AbortController().signal, release };
      const start = reached.length === 1 ? 'existing' : 'healed';
      return { route: answer, lease, start } satisfies ReachedSession;
    },
  });
  const server = createServer({ maxHeaderSize: 16_384 });
  server.on('request', serve).on('checkContinue', serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function serve(...[request, response]: Parameters<NonNullable<Parameters<typeof createServer>[1]>>): void {
    const gone = new AbortController();
    inFlight.add(gone);
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    forwarding += 1;
    const target = {
      key,
      sessionId: 'alice-1',
      tenant: '',
      tenantHash: 't',
      ownerHash: 'o',
      askedClass: null,
      class: sessionClass,
    };
    proxy
      .forward(
        {
          request,
          caller: { subject: 'alice', tenant: '', owner: 'alice', admin: false, classes: null, expiresAtMs: 0 },
          target,
          path: request.url ?? '/',
          requestId: 'request-1',
          clientAddress: '192.0.2.1',
          protocol: 'http',
          receivedAtMs: performance.now(),
          signal: gone.signal,
        },
        response,
      )
      .catch((error: unknown) => {
        const problem = error instanceof Problem ? error : new Problem('internal_error', { cause: error });
        if (!(error instanceof Problem)) process.stderr.write(`${String(error)}\n`);
        response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ code: problem.code, detail: problem.message }));
      })
      .finally(() => (forwarding -= 1));
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    reached,
    dropped,
    metrics,
    upstream,
    leases: () => leases,
    forwarding: () => forwarding,
    abortAll: (reason) => inFlight.forEach((request) => request.abort(reason)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await upstream.close();
    },
  };
}
