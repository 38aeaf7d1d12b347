import type { SessionPodView } from '../../../domain/sessions/routes/read-session-pod.ts';

/** What a watch of session pods tells a route table, in the order it learns it. */
export interface RouteFeed {
  /** These will be watched; the table is not ready before each was listed whole. */
  follow(namespaces: readonly string[]): void;
  /** A pod as it is now. */
  see(view: SessionPodView): void;
  /** A pod is gone, or is no session pod any more. `version`: of the delete. */
  remove(uid: string, version: string): void;
  /** The server's versions went back (a restored etcd): those known can't be compared with what follows. */
  forgetVersions(): void;
  /** A whole list of a namespace was taken in: what it did not show was removed before. */
  listed(namespace: string): void;
  /** The watch of a namespace was heard of, and missed nothing up to now. */
  heard(namespace: string): void;
}
