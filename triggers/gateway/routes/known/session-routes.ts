import type { Route } from '../route-table.ts';
import type { KnownPod } from './known-pod.ts';

/** Which of a session's pods its requests go to. */
export interface SessionRoutes {
  find(key: string): Route | undefined;
  /** The highest incarnation of the pods there are; 0 when there is none. */
  highest(key: string): number;
  add(pod: KnownPod): void;
  remove(pod: KnownPod): void;
  /** The watch has shown the pod: those of lower incarnations have had their time. */
  seen(pod: KnownPod): void;
  /** A run has named the pod, and no newer one is there: it serves, also after newer ones came and went. */
  named(pod: KnownPod): void;
  /** Something of a pod of the session has changed. */
  decide(key: string): void;
  readonly size: number;
}

interface Session {
  /** Mostly one; the one learnt of last at the end. */
  readonly pods: KnownPod[];
  route: Route | undefined;
  /** Pods of lower incarnations were outdone and don't come back by themselves. */
  floor: number;
}

/** `onChange` is told of every change of a session's route. */
export function createSessionRoutes(
  onChange: (before: Route | undefined, after: Route | undefined) => void,
): SessionRoutes {
  const sessions = new Map<string, Session>();
  const decide = (key: string) => {
    const session = sessions.get(key);
    if (session === undefined) return;
    const top = topOf(session);
    const before = session.route;
    const after = top !== undefined && top.incarnation >= session.floor ? top.route : undefined;
    session.route = after;
    if (session.pods.length === 0) sessions.delete(key);
    if (before !== after) onChange(before, after);
  };
  return {
    find: (key) => sessions.get(key)?.route,
    highest(key) {
      const session = sessions.get(key);
      return session === undefined ? 0 : (topOf(session)?.incarnation ?? 0);
    },
    add(pod) {
      const session = sessions.get(pod.key) ?? { pods: [], route: undefined, floor: 0 };
      sessions.set(pod.key, session);
      session.pods.push(pod);
    },
    remove(pod) {
      const session = sessions.get(pod.key);
      const at = session?.pods.indexOf(pod) ?? -1;
      if (at >= 0) session?.pods.splice(at, 1);
      decide(pod.key);
    },
    seen(pod) {
      const session = sessions.get(pod.key);
      if (session !== undefined) session.floor = Math.max(session.floor, pod.incarnation);
      decide(pod.key);
    },
    named(pod) {
      const session = sessions.get(pod.key);
      if (session !== undefined) session.floor = pod.incarnation;
      decide(pod.key);
    },
    decide,
    get size() {
      return sessions.size;
    },
  };
}

/** Of two pods of one incarnation, which can't be, the one learnt of last. */
function topOf({ pods }: Session): KnownPod | undefined {
  let top: KnownPod | undefined;
  for (const pod of pods) if (top === undefined || pod.incarnation >= top.incarnation) top = pod;
  return top;
}
