import { compareVersions } from '../../pods/snapshot/compare-versions.ts';
import type { SessionPodView } from './read-session-pod.ts';

/**
 * Which of two views of a session counts: the higher incarnation; of one pod, the later version. Versions that can't be
 * ordered leave the one that came last.
 */
export function newerRoute(known: SessionPodView, seen: SessionPodView): SessionPodView {
  if (known.incarnation !== seen.incarnation) return known.incarnation > seen.incarnation ? known : seen;
  // Two pods of one incarnation can't be; should one come back under the name, the one seen last is the one there is.
  if (known.uid !== seen.uid) return seen;
  const order = compareVersions(seen.version, known.version);
  return order !== undefined && order < 0 ? known : seen;
}
