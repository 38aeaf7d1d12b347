import type { SessionPodView } from '../../../../../domain/sessions/routes/read-session-pod.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createRouteTable } from '../../../../../triggers/gateway/routes/create-route-table.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';

export const sessionKey = 'a'.repeat(26);
/** Verified when it is this. */
const owner = 'k1.mac';

/** A pod of a session as a watch shows it, ready unless told otherwise. */
export function podView(parts: Partial<SessionPodView> = {}): SessionPodView {
  const { key = sessionKey, incarnation = 7 } = parts;
  return {
    key,
    incarnation,
    uid: `u${incarnation}`,
    namespace: 'sessions',
    name: `s-${key}-${incarnation}`,
    version: '10',
    class: 'plain',
    address: `10.0.0.${incarnation}`,
    port: 8080,
    owner,
    kid: 'k1',
    routable: true,
    deleting: false,
    ended: false,
    ...parts,
  };
}

/** The same as a run answers it. */
export function routeAnswer(parts: Partial<Route> = {}): Route {
  const { key, incarnation, uid, namespace, name, address, port, kid } = podView({
    ...(parts.key !== undefined && { key: parts.key }),
    ...(parts.incarnation !== undefined && { incarnation: parts.incarnation }),
  });
  const route = { key, incarnation, podUid: uid, namespace, podName: name, class: 'plain', address, port, kid };
  return { ...route, version: '', ...parts };
}

/** A route table with a clock that stands, following `sessions`. */
export function createRouteRig() {
  let nowMs = 0;
  const metrics = createMetrics();
  const log = captureLog();
  const table = createRouteTable({
    classes: new Set(['plain']),
    signingKeys: { verify: (_text, signature) => signature === owner },
    metrics,
    logger: log.logger,
    clock: () => nowMs,
  });
  table.follow(['sessions']);
  return { table, metrics, log, pass: (ms: number) => void (nowMs += ms) };
}
