import type { Socket } from 'node:net';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';
import type { Route, RouteTable } from '../routes/route-table.ts';
import { openSocket } from './open-socket.ts';
import { provePod } from './prove-pod.ts';
import { UnprovablePodError, WrongPodError } from './upstream.ts';

export interface ConnectOptions {
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly signingKeys: SigningKeys;
  readonly routes: Pick<RouteTable, 'mayTrustAddress'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly connectTimeoutMs: number;
  readonly proofTimeoutMs: number;
}

/** Opens sockets that are known to lead to the pod of a route. Throws ConnectFailedError, WrongPodError, or the signal's reason. */
export type ConnectToPod = (route: Route, signal?: AbortSignal) => Promise<Socket>;

export function createConnectToPod(options: ConnectOptions): ConnectToPod {
  const { classes, signingKeys, routes, metrics, logger, connectTimeoutMs, proofTimeoutMs } = options;
  /** One line for each is enough: its requests come on and on. */
  const logged = new Set<string>();

  return async (route, signal) => {
    const podKey = keyOf(route);
    const socket = await openSocket({ ...route, timeoutMs: connectTimeoutMs, signal });
    if (podKey === undefined) return socket;
    try {
      await provePod(socket, { route, podKey, timeoutMs: proofTimeoutMs, signal });
      return socket;
    } catch (error) {
      socket.destroy();
      if (error instanceof WrongPodError) {
        metrics.sessionWrongPods.inc();
        const { podUid, namespace, address } = route;
        logger.warn({ podUid, namespace, address, reason: error.message }, 'another than the session pod answered');
      }
      throw error;
    }
  };

  /** What the pod proves itself with; undefined for a pod that can't and may be trusted. */
  function keyOf(route: Route): string | undefined {
    const identity = classes.get(route.class)?.identity;
    if (identity === 'none') {
      if (routes.mayTrustAddress(route)) return undefined;
      throw new UnprovablePodError(
        'its address may have become that of another pod, and it has no way to prove itself',
      );
    }
    const podKey = identity === undefined ? undefined : signingKeys.podKey(route.podName, route.kid);
    if (podKey !== undefined) return podKey;
    const reason =
      identity === undefined
        ? `there is no session class "${route.class}" in the file of classes`
        : `there is no signing key "${route.kid}" in the file of keys: a key must stay until no pod carries it`;
    if (!logged.has(reason)) {
      logged.add(reason);
      logger.error({ podUid: route.podUid, namespace: route.namespace, reason }, 'session pod can not be reached');
    }
    throw new UnprovablePodError(reason);
  }
}
