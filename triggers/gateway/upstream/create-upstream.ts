import type { Route } from '../routes/route-table.ts';
import { type ConnectOptions, createConnectToPod } from './connect-to-pod.ts';
import type { ConnectionTimes } from './sockets/pod-connection.ts';
import { PodSockets } from './sockets/pod-sockets.ts';
import type { Upstream } from './upstream.ts';

export interface UpstreamTimes extends Pick<ConnectionTimes, 'firstByteMs' | 'silenceMs'> {
  readonly connectMs: number;
  /** From the open socket to the pod's proof. */
  readonly proofMs: number;
}

export interface UpstreamOptions extends Omit<ConnectOptions, 'connectTimeoutMs' | 'proofTimeoutMs'> {
  readonly times?: Partial<UpstreamTimes>;
}

const standardTimes: UpstreamTimes = { connectMs: 2000, proofMs: 5000, firstByteMs: 60_000, silenceMs: 300_000 };
const socketsPerPod = 16;
/**
 * A connection is kept less than the 2 s that servers keep one at least (or what they say in Keep-Alive: timeout=…): a
 * request that meets the closing of its connection is lost when it can't be repeated.
 */
const kept = { keptMs: 1500, keptMostMs: 90_000, keptMarginMs: 1000 } as const;
/** One timer looks at all connections: one for each would cost more than the requests. */
const mostLookMs = 500;
const sweepMs = 60_000;

interface KnownPod {
  readonly sockets: PodSockets;
  readonly address: string;
  readonly port: number;
}

/** Connections to session pods, of one gateway process. Call `close` when no request is in flight any more. */
export function createUpstream({ times, ...options }: UpstreamOptions): Upstream {
  const { connectMs, proofMs, ...waits } = { ...standardTimes, ...times };
  const connectToPod = createConnectToPod({ ...options, connectTimeoutMs: connectMs, proofTimeoutMs: proofMs });
  const connectionTimes: ConnectionTimes = { ...waits, ...kept };
  const pods = new Map<string, KnownPod>();
  const closing = new Map<PodSockets, Promise<void>>();
  const lookMs = Math.min(mostLookMs, waits.firstByteMs / 4, waits.silenceMs / 4);
  const looker = setInterval(look, lookMs).unref();
  // A pod that is named once more after it was forgotten would stay for ever.
  const sweeper = setInterval(sweep, sweepMs).unref();

  function socketsOf(route: Route): PodSockets {
    const { podUid, address, port } = route;
    const known = pods.get(podUid);
    if (known?.address === address && known.port === port) return known.sockets;
    if (known !== undefined) closePod(podUid, known);
    const connect = () => connectToPod(route);
    const sockets = new PodSockets({ connect, times: connectionTimes, most: socketsPerPod });
    pods.set(podUid, { sockets, address, port });
    return sockets;
  }

  function closePod(podUid: string, { sockets }: KnownPod): void {
    pods.delete(podUid);
    closing.set(
      sockets,
      sockets.close().finally(() => closing.delete(sockets)),
    );
  }

  function look(): void {
    const nowMs = performance.now();
    for (const { sockets } of pods.values()) sockets.look(nowMs);
    for (const sockets of closing.keys()) sockets.look(nowMs);
  }

  function sweep(): void {
    for (const [podUid, pod] of pods) if (pod.sockets.isUnused) closePod(podUid, pod);
  }

  return {
    send: (route, request, sink) => socketsOf(route).send(request, sink),
    connect: (route, signal) => connectToPod(route, signal),
    forget(podUid) {
      const pod = pods.get(podUid);
      if (pod !== undefined) closePod(podUid, pod);
    },
    async close() {
      clearInterval(sweeper);
      for (const [podUid, pod] of pods) closePod(podUid, pod);
      await Promise.all(closing.values());
      clearInterval(looker);
    },
  };
}
