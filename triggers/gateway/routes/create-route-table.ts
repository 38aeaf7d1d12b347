import type { SessionPodView } from '../../../domain/sessions/routes/read-session-pod.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import { isOwnedSessionPod } from '../../../platform/sessions/owned-session-pod.ts';
import type { SigningKeys } from '../../../platform/sessions/signing-keys.ts';
import { createAddresses } from './known/addresses.ts';
import { isNotNewer, isOver, type KnownPod, newKnownPod, takeView } from './known/known-pod.ts';
import { createSessionRoutes } from './known/session-routes.ts';
import { createTombstones } from './known/tombstones.ts';
import { createWaiters } from './known/waiters.ts';
import { createWatchedNamespaces } from './known/watched-namespaces.ts';
import type { RouteFeed } from './route-feed.ts';
import type { Route, RouteTable } from './route-table.ts';

/** A run has told of a pod this long ago, and a list that was taken in since does not show it: it came and went unseen. */
const unseenMs = 60_000;

export interface RouteTableOptions {
  /** Their names, or a map by name. Pods of other classes are not served. */
  readonly classes: Pick<ReadonlySet<string>, 'has' | 'keys'>;
  readonly signingKeys: Pick<SigningKeys, 'verify'>;
  readonly metrics: Pick<Metrics, 'sessionPodsActive'>;
  readonly logger: Logger;
  /** Milliseconds that only grow, `performance.now`. */
  readonly clock: () => number;
}

/** How much a table holds. */
export interface RouteTableSizes {
  readonly pods: number;
  readonly sessions: number;
  readonly waiters: number;
  readonly tombstones: number;
}

/**
 * Routes in memory, from what a watch shows (RouteFeed) and what runs answer. Of a session only the pod of the highest
 * incarnation there is counts, and one that was outdone comes back only when a run names it.
 */
export function createRouteTable(options: RouteTableOptions): RouteTable & RouteFeed & { sizes(): RouteTableSizes } {
  const { classes, signingKeys, metrics, logger, clock } = options;
  const pods = new Map<string, KnownPod>();
  /** Pods that are not served, and were told of. */
  const refused = new Set<string>();
  const addresses = createAddresses();
  const tombstones = createTombstones(clock);
  const watched = createWatchedNamespaces(clock);
  const waiters = createWaiters();
  const goneListeners: ((podUid: string, key: string) => void)[] = [];
  const counts = new Map<string, number>([...classes.keys()].map((name) => [name, 0]));
  for (const name of classes.keys()) metrics.sessionPodsActive.set({ class: name }, 0);

  const count = (name: string, difference: number) => {
    const now = (counts.get(name) ?? 0) + difference;
    counts.set(name, now);
    metrics.sessionPodsActive.set({ class: name }, now);
  };
  const routes = createSessionRoutes((before, after) => {
    if (before !== undefined) count(before.class, -1);
    if (after !== undefined) count(after.class, 1);
    if (before !== undefined && before.podUid !== after?.podUid) {
      for (const listener of goneListeners) listener(before.podUid, before.key);
    }
    if (after !== undefined) waiters.wake(after);
  });

  const refuse = (pod: Pick<SessionPodView, 'uid' | 'namespace' | 'class'>, why: string) => {
    if (refused.has(pod.uid)) return;
    refused.add(pod.uid);
    logger.warn({ podUid: pod.uid, namespace: pod.namespace, class: pod.class }, `a session pod is not served: ${why}`);
  };
  const forget = (uid: string) => {
    const pod = pods.get(uid);
    if (pod === undefined) return;
    pods.delete(uid);
    routes.remove(pod);
  };
  const learn = (from: Pick<KnownPod, 'uid' | 'key' | 'incarnation' | 'namespace'>) => {
    const pod = newKnownPod(from);
    pods.set(pod.uid, pod);
    routes.add(pod);
    return pod;
  };

  return {
    follow: (namespaces) => watched.follow(namespaces),
    see(view) {
      const deletedAt = tombstones.versionOf(view.uid);
      if (deletedAt !== undefined && isNotNewer(view.version, deletedAt)) return;
      tombstones.remove(view.uid);
      const known = pods.get(view.uid);
      if (known?.view !== undefined && isNotNewer(view.version, known.view.version)) return;
      // Also of pods that are not served: they answer at their addresses all the same.
      addresses.carry(view.uid, view.ended ? '' : view.address);
      if (!isVerified(known, view) && !isOwnedSessionPod(view, signingKeys)) {
        refuse(view, 'its owner annotation is not signed by a key of the signing keys file');
        forget(view.uid);
        return;
      }
      const servable = classes.has(view.class);
      if (!servable) refuse(view, 'its class is not in the session classes file of this gateway');
      const pod = known ?? learn(view);
      takeView(pod, view, servable);
      routes.seen(pod);
    },
    remove(uid, version) {
      tombstones.add(uid, version);
      refused.delete(uid);
      addresses.carry(uid, '');
      forget(uid);
    },
    forgetVersions() {
      tombstones.forgetVersions();
      for (const pod of pods.values()) {
        if (pod.view !== undefined) pod.view = { ...pod.view, version: '' };
      }
    },
    listed(namespace) {
      watched.listed(namespace);
      for (const pod of [...pods.values()]) {
        const unseen = pod.namespace === namespace && pod.view === undefined;
        if (unseen && clock() - (pod.offeredAtMs ?? -Infinity) > unseenMs) forget(pod.uid);
      }
    },
    heard: (namespace) => watched.heard(namespace),

    notReady: () => watched.notListed(),
    isStale: () => watched.isStale(),
    find: (key) => routes.find(key),
    offer(route) {
      const { key, incarnation, podUid: uid, namespace } = route;
      const known = pods.get(uid);
      const deleted = tombstones.versionOf(uid) !== undefined || (known?.view !== undefined && isOver(known.view));
      if (!classes.has(route.class)) {
        refuse({ uid, namespace, class: route.class }, 'its class is not in the session classes file of this gateway');
      }
      if (deleted || refused.has(uid) || routes.highest(key) > incarnation) return routes.find(key);
      const pod = known ?? learn({ uid, key, incarnation, namespace });
      if (pod.route === undefined) {
        pod.route = route;
        pod.offeredAtMs = clock();
      }
      routes.named(pod);
      return routes.find(key);
    },
    drop(route) {
      const pod = pods.get(route.podUid);
      // Another version or address is news that came in between.
      if (pod?.route?.version !== route.version || pod.route.address !== route.address) return;
      pod.route = undefined;
      pod.offeredAtMs = undefined;
      routes.decide(pod.key);
    },
    async next(key, above, signal) {
      const route = routes.find(key);
      if (!signal.aborted && route !== undefined && route.incarnation > above) return route;
      return await waiters.wait(key, above, signal);
    },
    /**
     * A pod's address is trusted while the watch is fresh and shows it on no other session pod. An address that another one
     * had is trusted again once that one's deletion was seen or its containers have all ended, because only then the network
     * gives it away. What this can't see: a newer holder of the address that the watch has not shown yet, and pods that
     * are no session pods.
     */
    mayTrustAddress({ podUid, namespace, address }: Route) {
      return (
        watched.isFresh(namespace) &&
        pods.get(podUid)?.route?.address === address &&
        addresses.isOnlyOn(address, podUid)
      );
    },
    onGone: (listener) => void goneListeners.push(listener),
    countByClass: () => new Map(counts),
    sizes: () => ({
      pods: pods.size,
      sessions: routes.size,
      waiters: waiters.size,
      tombstones: tombstones.size,
    }),
  };
}

/** What the annotation's proof is of has not changed since it was verified. */
function isVerified(known: KnownPod | undefined, { owner, key, incarnation }: SessionPodView): boolean {
  const { view } = known ?? {};
  return view !== undefined && view.owner === owner && view.key === key && view.incarnation === incarnation;
}
