import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Server as NetServer, type Socket, createServer as createNetServer } from 'node:net';
import { afterEach } from '@jest/globals';
import type { SessionClass } from '../../../../../domain/sessions/session-class.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { parseSigningKeys } from '../../../../../platform/sessions/signing-keys.ts';
import type { LeaseTaken } from '../../../../../triggers/gateway/leases/lease-holder.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import type { ReachOptions, ReachSession } from '../../../../../triggers/gateway/session/reach-session.ts';
import { createUpstream } from '../../../../../triggers/gateway/upstream/create-upstream.ts';
import { createSessionTunnels } from '../../../../../triggers/gateway/websocket/create-session-tunnels.ts';
import type { SessionTunnels } from '../../../../../triggers/gateway/websocket/session-tunnels.ts';
import type { TunnelTimes } from '../../../../../triggers/gateway/websocket/tunnel-times.ts';
import { Problem } from '../../../../../triggers/http/problems/problem.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { usePodProcesses } from '../../../../unit/deploy/session-pod/pod-process.ts';
import { type RawPeer, rawPeer } from './raw-web-socket.ts';

const signingKeys = parseSigningKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const sessionKey = 'k'.repeat(26);
const podName = `s-${sessionKey}-1`;

export interface RigOptions {
  readonly class?: Partial<SessionClass>;
  readonly times?: Partial<TunnelTimes>;
  /** Of the tokens; they end a WebSocket then. */
  readonly expiresAtMs?: number;
}

/** The tunnels behind a server of their own. Routes and leases are in memory; sockets, upstream and pods are real. */
export interface TunnelRig {
  readonly port: number;
  readonly tunnels: SessionTunnels;
  readonly route: () => Route | undefined;
  readonly setRoute: (route: Route | undefined) => void;
  /** Tells that its pod is no longer routed to. */
  readonly loseRoute: () => void;
  /** Renewals say that the session is being ended. */
  readonly endSession: () => void;
  /** What the next touches and requests get instead of a lease. */
  readonly refuseLeases: (state: 'draining' | 'gone' | 'missing') => void;
  readonly counts: { held: number; taken: number; released: number };
  readonly asked: ReachOptions[];
  readonly dropped: Route[];
  readonly openMetric: () => Promise<number>;
}

/** Called once at the top of a test file. */
export function useTunnels() {
  const startPod = usePodProcesses();
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return {
    /** The session pod's own program, with its identity. */
    startPod: async (env: Readonly<Record<string, string>> = {}) => {
      const pod = await startPod({
        PODKEEPER_POD_KEY: signingKeys.podKey(podName, 'k1')!,
        POD_UID: 'uid-1',
        PODKEEPER_SESSION_KEY: sessionKey,
        PODKEEPER_INCARNATION: '1',
        PODKEEPER_SESSION_TESTS: '1',
        ...env,
      });
      return { ...pod, route: routeTo(pod.port) };
    },
    /** A pod that was written for the test: each connection is given to `serve`. For classes of identity `none`. */
    fakePod: async (serve: (peer: RawPeer) => void) => {
      const sockets = new Set<Socket>();
      const server: NetServer = createNetServer((socket) => {
        sockets.add(socket);
        serve(rawPeer(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closers.push(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      });
      return { route: routeTo((server.address() as AddressInfo).port), connections: () => sockets.size };
    },
    startTunnels: async (route: Route, options: RigOptions = {}): Promise<TunnelRig> => {
      const rig = await startRig(route, options);
      closers.push(rig.close);
      return rig;
    },
  };
}

export function routeTo(port: number, parts: Partial<Route> = {}): Route {
  return {
    key: sessionKey,
    incarnation: 1,
    podUid: 'uid-1',
    namespace: 'sessions',
    podName,
    class: 'default',
    address: '127.0.0.1',
    port,
    kid: 'k1',
    version: '1',
    ...parts,
  };
}

function classOf(parts: Partial<SessionClass> = {}): SessionClass {
  return {
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
    bodyLimitBytes: 1e7,
    identity: 'native',
    openSocketIsActive: true,
    busyPath: null,
    nodeSelector: {},
    tolerations: [],
    ...parts,
  };
}

async function startRig(first: Route, options: RigOptions): Promise<TunnelRig & { close: () => Promise<void> }> {
  const sessionClass = classOf(options.class);
  const classes = new Map([[sessionClass.name, sessionClass]]);
  const metrics = createMetrics({ defaults: false });
  const { logger } = captureLog();
  const counts = { held: 0, taken: 0, released: 0 };
  const [asked, dropped]: [ReachOptions[], Route[]] = [[], []];
  let route: Route | undefined = first;
  let refusal: 'draining' | 'gone' | 'missing' | undefined;
  let ending = new AbortController();
  const listeners: ((podUid: string, key: string) => void)[] = [];
  const take = (): LeaseTaken => {
    counts.taken += 1;
    if (refusal !== undefined) return { state: refusal };
    counts.held += 1;
    let over = false;
    const release = () => {
      if (over) return;
      over = true;
      counts.held -= 1;
      counts.released += 1;
    };
    return { state: 'held', unleased: false, lease: { ending: ending.signal, release } };
  };
  const reach: ReachSession = (_target, reachOptions) => {
    asked.push(reachOptions);
    if (route === undefined) return Promise.reject(new Problem('starting'));
    const taken = take();
    if (taken.state !== 'held') return Promise.reject(new Problem('session_ending'));
    return Promise.resolve({ route, lease: taken.lease, start: 'existing' });
  };
  const routes = {
    find: () => route,
    drop: (lost: Route) => void dropped.push(lost),
    onGone: (listener: (podUid: string, key: string) => void) => void listeners.push(listener),
    mayTrustAddress: () => true,
  };
  const upstream = createUpstream({ classes, signingKeys, routes, metrics, logger });
  const tunnels = createSessionTunnels({
    reach,
    upstream,
    routes,
    leases: { take },
    classes,
    metrics,
    logger,
    closeOnTokenExpiry: options.expiresAtMs !== undefined,
    times: { closeWaitMs: 500, ...options.times },
  });
  const server = serve(tunnels, sessionClass, options.expiresAtMs ?? Date.now() + 60_000);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    route: () => route,
    setRoute: (next) => (route = next),
    loseRoute: () => {
      const { podUid, key } = route!;
      route = undefined;
      for (const listener of listeners) listener(podUid, key);
    },
    endSession: () => {
      ending.abort();
      ending = new AbortController();
    },
    refuseLeases: (state) => (refusal = state),
    counts,
    asked,
    dropped,
    openMetric: async () => (await metrics.sessionTunnels.get()).values[0]?.value ?? 0,
    close: async () => {
      await tunnels.closeAll(100);
      await upstream.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(tunnels: SessionTunnels, sessionClass: SessionClass, expiresAtMs: number): Server {
  let requests = 0;
  const server = createServer((_request, response) => void response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    requests += 1;
    const abort = new AbortController();
    socket.once('close', () => abort.abort(new Error('the client is gone')));
    const [tenant, owner] = ['', 'alice'];
    const exchange = {
      request,
      caller: { subject: owner, tenant, owner, admin: false, classes: null, expiresAtMs },
      target: {
        key: sessionKey,
        sessionId: 'alice-1',
        tenant,
        tenantHash: 't',
        ownerHash: 'o',
        askedClass: null,
        class: sessionClass,
      },
      path: request.url!.slice('/api/v1/session/alice-1/proxy'.length),
      requestId: `request-${requests}`,
      clientAddress: '127.0.0.1',
      protocol: 'http' as const,
      receivedAtMs: performance.now(),
      signal: abort.signal,
    };
    tunnels.open(exchange, socket, head).catch((error: unknown) => {
      const status = error instanceof Problem ? error.status : 500;
      const code = error instanceof Problem ? error.code : String(error);
      socket.end(`HTTP/1.1 ${status} -\r\nConnection: close\r\nContent-Length: ${code.length}\r\n\r\n${code}`);
    });
  });
  return server;
}
