import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { VerifyToken } from '../../../platform/auth/token-verifier.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { TlsFiles } from '../../../platform/tls/tls-files.ts';
import { unauthenticated } from '../../http/authenticate.ts';
import { cutLate, followConnections } from '../../http/connections.ts';
import { requestId } from '../../http/plugins/request-id.ts';
import { Problem } from '../../http/problems/problem.ts';
import { problemText } from '../../http/problems/problem-text.ts';
import { createSessionApi } from '../api/session-api.ts';
import { createSessionTargets } from '../api/session-targets.ts';
import { createAuthenticate, createAuthenticateAnyone } from '../auth/authenticate.ts';
import type { CallerClaims } from '../auth/caller-of-token.ts';
import type { SessionProxy } from '../proxy/session-proxy.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { SessionRuns } from '../starts/session-runs.ts';
import type { SessionTunnels } from '../websocket/session-tunnels.ts';
import { createClientErrors } from './client-errors.ts';
import { boundClientSockets } from './client-sockets.ts';
import { createExchanges } from './exchanges.ts';
import { createHandler, refuse } from './handle-request.ts';
import { createUpgradeHandler } from './handle-upgrade.ts';
import { createTurns } from './in-turn.ts';
import { type GatewayLimits, gatewayLimits } from './limits.ts';
import { closeListener, listen } from './listening.ts';
import { createNodeServer } from './node-server.ts';
import { createObserve } from './observe.ts';

/** From telling requests that time is up to cutting them. */
const lastWordsMs = 200;
/** A client that does not take its answer is not waited for. */
const answerMs = 1000;

export interface GatewayServerOptions {
  /** Undefined when AUTH_DISABLED lets this machine in without a token. */
  readonly verify: VerifyToken | undefined;
  readonly sessions: CallerClaims;
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly proxy: SessionProxy;
  readonly tunnels: Pick<SessionTunnels, 'open' | 'closeAll'>;
  readonly runs: Pick<SessionRuns, 'terminate' | 'extend' | 'status' | 'list'>;
  readonly routes: Pick<RouteTable, 'notReady' | 'find'>;
  /** Left out, plain HTTP is served. */
  readonly tls?: TlsFiles;
  readonly closeOnTokenExpiry: boolean;
  readonly metrics: Pick<Metrics, 'sessionRequestSeconds' | 'sessionRejections'>;
  readonly logger: Logger;
  readonly limits?: Partial<GatewayLimits>;
}

export interface StopOptions {
  /** How long requests are still taken, each answer with `Connection: close`. */
  readonly delayMs: number;
  /** How long requests in flight may go on after that. */
  readonly drainMs: number;
}

export interface GatewayServer {
  /** Takes connections. Throws an Error that names the setting when the port can't be taken; answers the port. */
  listen(at: { readonly host: string; readonly port: number }): Promise<number>;
  /** Goes on answering for a while, then takes no connections, lets requests in flight finish, and cuts what is left. */
  stop(options: StopOptions): Promise<void>;
}

/** The gateway's HTTP server: checks requests, and hands them to the proxy, the tunnels or the session API. */
export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { verify, sessions, tls, proxy, tunnels, runs, logger } = options;
  const limits = { ...gatewayLimits, ...options.limits };
  const server = createNodeServer(limits, tls);
  const observe = createObserve(options);
  const connections = followConnections(server);
  const sockets = boundClientSockets({
    server,
    perClient: limits.socketsPerClient,
    onRefused: () => observe.notARequest('rate_limited'),
  });
  const turns = createTurns();
  const targets = createSessionTargets(options.classes);
  const authenticate =
    verify === undefined ? createAuthenticateAnyone(sessions) : createAuthenticate({ verify, ...sessions });
  const exchanges = createExchanges({
    ...(options.closeOnTokenExpiry && {
      onExpiredToken: (exchange) => {
        const problem = unauthenticated('expired');
        refuse(exchange, problem, observe);
        // One that still waits for its pod must not reach it any more.
        exchange.abort.abort(problem);
      },
    }),
  });
  let stopping: Promise<void> | undefined;
  let closing = false;
  const common = { limits, authenticate, targets, observe, protocol: tls === undefined ? 'http' : 'https' } as const;
  const handle = createHandler({
    ...common,
    proxy,
    api: createSessionApi({ runs, targets, routes: options.routes }),
    exchanges,
    turns,
    isStopping: () => stopping !== undefined,
    notReady: () => options.routes.notReady(),
  });
  const upgrade = createUpgradeHandler({ ...common, tunnels, isClosing: () => closing });
  server.on('request', handle);
  // Node would tell the client to go on before anything was checked.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  // An answer to it would get mixed up with those of the requests before it.
  const isOutOfTurn = (socket: Duplex) => !socket.writable || (turns.of(socket)?.waiting.length ?? 0) > 0;
  server.on('upgrade', (request, socket, head) => {
    connections.letGo(socket);
    if (isOutOfTurn(socket)) socket.destroy();
    else upgrade(request, socket, head);
  });
  server.on('connect', (request, socket) => {
    if (isOutOfTurn(socket)) {
      socket.destroy();
      return;
    }
    const problem = new Problem('method_not_allowed', { detail: 'CONNECT is not taken.', headers: { allow: 'GET' } });
    observe.refused(problem);
    socket.on('error', () => socket.destroy());
    socket.end(problemText(problem, requestId(request)));
    // Node has let go of it, with all its time-outs.
    setTimeout(() => socket.destroy(), answerMs).unref();
  });
  server.on(
    'clientError',
    createClientErrors({
      limits,
      turnsOf: (socket) => turns.of(socket),
      onRefused: (code) => observe.notARequest(code),
    }),
  );

  const stop = async ({ delayMs, drainMs }: StopOptions): Promise<void> => {
    connections.closeAfterAnswer();
    await sleep(delayMs);
    // A busy process may not have looked for a while: what has connected meanwhile is taken, not reset.
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    closing = true;
    const closed = closeListener(server);
    const done = new AbortController();
    const cutAll = (): void => {
      exchanges.abortAll(new Problem('shutting_down'));
      setTimeout(() => sockets.cutAll(), lastWordsMs);
    };
    void cutLate({ connections: { ...connections, cutAll }, graceMs: drainMs, signal: done.signal });
    await Promise.all([closed, tunnels.closeAll(drainMs)]);
    done.abort();
    exchanges.close();
    logger.info('no request is in flight any more');
  };
  return {
    listen: (at) => listen({ server, logger, ...at }),
    stop: (how) => (stopping ??= stop(how)),
  };
}
