import { compareVersions } from '../../../../domain/pods/snapshot/compare-versions.ts';
import type { SessionPodView } from '../../../../domain/sessions/routes/read-session-pod.ts';
import type { Route } from '../route-table.ts';

/** What is known of one pod; changed in place. */
export interface KnownPod {
  readonly uid: string;
  readonly key: string;
  readonly incarnation: number;
  readonly namespace: string;
  /** As the watch showed it last; undefined while only a run has told of it. */
  view: SessionPodView | undefined;
  /** Where its requests would go; undefined while it takes none. */
  route: Route | undefined;
  /** When a run has told the route and the watch has not shown it yet. */
  offeredAtMs: number | undefined;
  /** The watch has shown it as routable once: from then on the watch knows better than an earlier answer. */
  caughtUp: boolean;
}

export function newKnownPod(from: Pick<KnownPod, 'uid' | 'key' | 'incarnation' | 'namespace'>): KnownPod {
  const { uid, key, incarnation, namespace } = from;
  return {
    uid,
    key,
    incarnation,
    namespace,
    view: undefined,
    route: undefined,
    offeredAtMs: undefined,
    caughtUp: false,
  };
}

/** Takes in what the watch shows, newer than all it has shown before. `servable`: the pod's class is known. */
export function takeView(pod: KnownPod, view: SessionPodView, servable: boolean): void {
  pod.view = view;
  if (isOver(view) || !servable) {
    pod.route = undefined;
  } else if (view.routable && view.port > 0) {
    pod.offeredAtMs = undefined;
    pod.caughtUp = true;
    pod.route = routeOf(view);
  } else if (pod.caughtUp || pod.offeredAtMs === undefined) {
    // Else it is from before the moment the run has told of.
    pod.route = undefined;
  }
}

/** It will never take a request again. */
export function isOver({ deleting, ended }: SessionPodView): boolean {
  return deleting || ended;
}

/** False when their order can't be known: what came last counts then. */
export function isNotNewer(version: string, than: string): boolean {
  const order = compareVersions(version, than);
  return order !== undefined && order <= 0;
}

function routeOf(view: SessionPodView): Route {
  const { key, incarnation, uid, namespace, name, address, port, kid, version } = view;
  return { key, incarnation, podUid: uid, namespace, podName: name, class: view.class, address, port, kid, version };
}
