import type { Duplex } from 'node:stream';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { LeaseHolder } from '../leases/lease-holder.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { ReachSession } from '../session/reach-session.ts';
import type { SessionExchange } from '../session/session-exchange.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { askPod } from './handshake/ask-pod.ts';
import { connectPod, type PodConnection } from './handshake/connect-pod.ts';
import { acceptWebSocket, passOn } from './handshake/answer-client.ts';
import { readUpgrade, upgradeHeaders } from './handshake/upgrade-request.ts';
import type { SessionTunnels } from './session-tunnels.ts';
import { standardTimes, type TunnelTimes } from './tunnel-times.ts';
import { runTunnel } from './tunnel/run-tunnel.ts';
import { goingAway, type Tunnel } from './tunnel/tunnel.ts';

export interface TunnelDependencies {
  readonly reach: ReachSession;
  readonly upstream: Pick<Upstream, 'connect'>;
  readonly routes: Pick<RouteTable, 'drop' | 'find' | 'onGone'>;
  /** For WebSockets that do not keep their session alive by being open: their data does. */
  readonly leases: Pick<LeaseHolder, 'take'>;
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly metrics: Pick<Metrics, 'sessionTunnels'>;
  readonly logger: Logger;
  /** Ends a WebSocket (1008) when the token it was opened with expires. */
  readonly closeOnTokenExpiry: boolean;
  readonly times?: Partial<TunnelTimes>;
}

/** WebSockets between clients and session pods, of one gateway process. */
export function createSessionTunnels(dependencies: TunnelDependencies): SessionTunnels {
  const { routes, leases, classes, metrics, logger, closeOnTokenExpiry } = dependencies;
  const times = { ...standardTimes, ...dependencies.times };
  /** With the pod each one leads to. */
  const open = new Map<Tunnel, string>();
  let isClosing = false;
  routes.onGone((podUid) => {
    for (const [tunnel, leadsTo] of open)
      if (leadsTo === podUid) tunnel.end({ client: goingAway, pod: goingAway, reason: 'the pod is gone' });
  });

  async function openTunnel(exchange: SessionExchange, client: { socket: Duplex; head: Buffer }, signal: AbortSignal) {
    if (isClosing) throw new Problem('shutting_down');
    const key = readUpgrade(exchange.request);
    const { target, receivedAtMs } = exchange;
    const deadlineMs = receivedAtMs + target.class.holdSeconds * 1000;
    const connection = await connectPod(dependencies, { target, deadlineMs, signal });
    try {
      const { path } = exchange;
      const headers = upgradeHeaders(exchange);
      const askedAtMs = performance.now();
      const answer = await askPod({ ...connection, ...times, path, headers, key, signal });
      const answered = { ...answer, askedAtMs, exchange, start: connection.reached.start, client: client.socket };
      if (answer.kind === 'refused') {
        await passOn({ ...answered, ...times, signal });
        return;
      }
      acceptWebSocket(answered);
      const extensions = answer.message.headers['sec-websocket-extensions'] !== undefined;
      await carry({ exchange, client, connection, head: answer.head, extensions });
    } finally {
      connection.socket.destroy();
      connection.reached.lease.release();
    }
  }

  async function carry(opened: {
    readonly exchange: SessionExchange;
    readonly client: { readonly socket: Duplex; readonly head: Buffer };
    readonly connection: PodConnection;
    readonly head: Buffer;
    readonly extensions: boolean;
  }): Promise<void> {
    const { exchange, client, connection, head, extensions } = opened;
    const { reached, socket } = connection;
    const { podUid, key, class: className } = reached.route;
    const tunnel = runTunnel({
      client,
      pod: { socket, head },
      extensions,
      reached,
      // A class that left the file is not routed to, so this is the one.
      class: classes.get(className) ?? exchange.target.class,
      leases,
      expiresAtMs: closeOnTokenExpiry ? exchange.caller.expiresAtMs : undefined,
      times,
      logger,
      signal: exchange.signal,
    });
    open.set(tunnel, podUid);
    metrics.sessionTunnels.set(open.size);
    // It may have gone while the handshake was on its way.
    const isGone = routes.find(key)?.podUid !== podUid;
    if (isGone || isClosing)
      tunnel.end({ client: goingAway, pod: goingAway, reason: 'the pod or the gateway is going' });
    await tunnel.closed;
    open.delete(tunnel);
    metrics.sessionTunnels.set(open.size);
  }

  return {
    async open(exchange, socket, head) {
      const gone = new AbortController();
      const leave = () => gone.abort(new Error('the client is gone'));
      socket.on('error', () => socket.destroy());
      socket.once('close', leave);
      const signal = AbortSignal.any([exchange.signal, gone.signal]);
      try {
        await openTunnel(exchange, { socket, head }, signal);
      } catch (error) {
        if (error instanceof Problem && !signal.aborted) throw error;
        // There is nobody to tell, or the answer has begun.
        const level = signal.aborted ? 'debug' : 'error';
        logger[level]({ err: error, requestId: exchange.requestId }, 'WebSocket was not opened');
        socket.destroy();
      } finally {
        socket.off('close', leave);
      }
    },
    get count() {
      return open.size;
    },
    async closeAll(graceMs) {
      isClosing = true;
      const tunnels = [...open.keys()];
      for (const tunnel of tunnels)
        tunnel.end({ client: goingAway, pod: goingAway, reason: 'the gateway is stopping; open it again' });
      const timer = setTimeout(() => tunnels.forEach((tunnel) => tunnel.cut()), graceMs);
      await Promise.all(tunnels.map(({ closed }) => closed));
      clearTimeout(timer);
    },
  };
}
