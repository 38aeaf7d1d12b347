import type { Socket } from 'node:net';
import { Pool } from 'undici';
import type { Route } from '../routes/route-table.ts';
import { type ConnectOptions, createConnectToPod } from './connect-to-pod.ts';
import type { Upstream } from './upstream.ts';

export interface UpstreamTimes {
  readonly connectMs: number;
  /** From the open socket to the pod's proof. */
  readonly proofMs: number;
  /** From the sent request to the status line. */
  readonly firstByteMs: number;
  /** From one byte of an answer to the next. */
  readonly silenceMs: number;
}

export interface UpstreamOptions extends Omit<ConnectOptions, 'connectTimeoutMs' | 'proofTimeoutMs'> {
  readonly times?: Partial<UpstreamTimes>;
}

const standardTimes: UpstreamTimes = { connectMs: 2000, proofMs: 5000, firstByteMs: 60_000, silenceMs: 300_000 };
const socketsPerPod = 16;
const maxHeaderBytes = 16 * 1024;
/**
 * Of a pod that does not say (Keep-Alive: timeout=…) how long it keeps an idle connection. Less than the 2 s that servers
 * keep one at least: a request that meets the closing of its connection is lost when it can't be repeated.
 */
const keepAliveMs = 1500;
/** And of one that does say, whatever it says. A second less than it says in any case. */
const keepAliveMaxMs = 90_000;
const keepAliveMarginMs = 1000;
const sweepMs = 60_000;

interface PodSockets {
  readonly pool: Pool;
  readonly address: string;
  readonly port: number;
}

/** Sockets to session pods, of one gateway process. Call `close` when no request is in flight any more. */
export function createUpstream({ times, ...options }: UpstreamOptions): Upstream {
  const { connectMs, proofMs, firstByteMs, silenceMs } = { ...standardTimes, ...times };
  const connectToPod = createConnectToPod({ ...options, connectTimeoutMs: connectMs, proofTimeoutMs: proofMs });
  const pods = new Map<string, PodSockets>();
  const reused = new WeakSet();
  const closing = new Set<Promise<void>>();
  // A pod that is named once more after it was forgotten would keep its pool for ever.
  const sweeper = setInterval(sweep, sweepMs).unref();

  function open(route: Route): PodSockets {
    const { address, port } = route;
    const host = address.includes(':') ? `[${address}]` : address;
    const pool = new Pool(`http://${host}:${port}`, {
      connections: socketsPerPod,
      pipelining: 1,
      headersTimeout: firstByteMs,
      bodyTimeout: silenceMs,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMaxMs,
      keepAliveTimeoutThreshold: keepAliveMarginMs,
      maxHeaderSize: maxHeaderBytes,
      allowH2: false,
      connect: (_target, callback) => {
        connectToPod(route).then(
          (socket) => {
            noteReuse(socket);
            callback(null, socket);
          },
          (error: unknown) => callback(error as Error, null),
        );
      },
    });
    return { pool, address, port };
  }

  /** Here and not in the request, because undici does not say on which socket a request was sent. */
  function noteReuse(socket: Socket): void {
    const bytesOfProof = socket.bytesRead;
    socket.once('error', (error) => {
      if (socket.bytesRead > bytesOfProof) reused.add(error);
    });
  }

  function closePod(podUid: string, { pool }: PodSockets): void {
    pods.delete(podUid);
    const closed = pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function sweep(): void {
    for (const [podUid, pod] of pods) {
      const { connected, size } = pod.pool.stats;
      if (connected === 0 && size === 0) closePod(podUid, pod);
    }
  }

  return {
    dispatcher(route) {
      const known = pods.get(route.podUid);
      if (known?.address === route.address && known.port === route.port) return known.pool;
      if (known !== undefined) closePod(route.podUid, known);
      const opened = open(route);
      pods.set(route.podUid, opened);
      return opened.pool;
    },
    connect: (route, signal) => connectToPod(route, signal),
    wasReused: (error) => typeof error === 'object' && error !== null && reused.has(error),
    forget(podUid) {
      const pod = pods.get(podUid);
      if (pod !== undefined) closePod(podUid, pod);
    },
    async close() {
      clearInterval(sweeper);
      for (const [podUid, pod] of pods) closePod(podUid, pod);
      await Promise.all(closing);
    },
  };
}
