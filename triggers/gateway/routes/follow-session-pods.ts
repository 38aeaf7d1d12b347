import { readSessionPod, type SessionPodView } from '../../../domain/sessions/routes/read-session-pod.ts';
import { sessionLabels } from '../../../domain/sessions/identity/session-names.ts';
import type { KubernetesConnection } from '../../../platform/kubernetes/connection/connection.ts';
import { createReflector } from '../../../platform/kubernetes/reflector/reflector.ts';
import type { BackoffSettings } from '../../../platform/kubernetes/reflector/failure/backoff.ts';
import type { ReflectorEvent } from '../../../platform/kubernetes/reflector/types.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { RouteFeed } from './route-feed.ts';
import type { RouteTable } from './route-table.ts';

const queueLimit = 1000;
const gaugeMs = 1000;

export interface FollowOptions {
  readonly connection: KubernetesConnection;
  readonly namespaces: readonly string[];
  readonly table: RouteFeed & Pick<RouteTable, 'isStale'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly backoff?: Partial<BackoffSettings>;
}

/**
 * Feeds a route table from watches of session pods, one per namespace, and keeps the metric of stale routes. Ends with the
 * signal; before that only by a fault of ours, which it throws.
 */
export async function followSessionPods(options: FollowOptions): Promise<void> {
  const { namespaces, table, metrics, signal } = options;
  table.follow(namespaces);
  const showStale = () => metrics.sessionRoutesStale.set(table.isStale() ? 1 : 0);
  showStale();
  const timer = setInterval(showStale, gaugeMs);
  timer.unref();
  const broken = new AbortController();
  const until = AbortSignal.any([signal, broken.signal]);
  try {
    await Promise.all(namespaces.map((namespace) => followOne(options, namespace, until)));
  } finally {
    clearInterval(timer);
    // Routes of one namespace without the others' would look complete.
    broken.abort();
  }
}

async function followOne(options: FollowOptions, namespace: string, signal: AbortSignal): Promise<void> {
  const { connection, table, metrics, logger, backoff } = options;
  const reflector = createReflector<SessionPodView | undefined>({
    connection,
    path: `/api/v1/namespaces/${namespace}/pods`,
    resource: 'pods',
    labelSelector: sessionLabels.session,
    known: new Map(),
    project: readSessionPod,
    queueLimit,
    metrics,
    logger,
    signal,
    ...(backoff !== undefined && { backoff }),
  });
  for await (const event of reflector) feed(table, namespace, event);
}

function feed(table: RouteFeed, namespace: string, event: ReflectorEvent<SessionPodView | undefined>): void {
  switch (event.kind) {
    case 'added':
    case 'modified':
      if (event.object === undefined) table.remove(event.uid, event.version);
      else table.see(event.object);
      if (!event.fromList) table.heard(namespace);
      return;
    case 'deleted':
      table.remove(event.uid, event.version);
      if (!event.inferred) table.heard(namespace);
      return;
    case 'bookmark':
      table.heard(namespace);
      return;
    case 'relisted':
      table.listed(namespace);
      return;
    case 'epoch':
      table.forgetVersions();
      return;
    case 'gap':
      // The list it comes at the end of has put the routes right.
      return;
  }
}
