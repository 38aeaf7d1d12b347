import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { Step, Transition } from './types.ts';
import { parseTime } from '../verdict/context/time.ts';
import { formatTime } from './times.ts';

/** The deletion began. Its start is the timestamp less the grace period, which the API server has added to it. */
export function terminating({ previous, snapshot, observedAt }: Step): Transition[] {
  if (snapshot.deletionTimestamp === undefined || previous?.deletionTimestamp !== undefined) return [];
  const dueMs = parseTime(snapshot.deletionTimestamp);
  const graceMs = (snapshot.deletionGracePeriodSeconds ?? 0) * 1000;
  const at = dueMs === undefined ? observedAt : formatTime(dueMs - graceMs);
  return [{ type: 'Terminating', at, mode: isForced(previous, snapshot) ? 'forced' : 'graceful' }];
}

/** The object is gone. A final delete writes its own time into the object when no finalizer held it. */
export function deleted({ previous, snapshot, observedAt }: Step): Transition {
  const isFinal = snapshot.deletionGracePeriodSeconds === 0 && snapshot.finalizers.length === 0;
  const at = isFinal && parseTime(snapshot.deletionTimestamp) !== undefined ? snapshot.deletionTimestamp : observedAt;
  return { type: 'Deleted', at: at ?? observedAt, mode: isForced(previous, snapshot) ? 'forced' : 'graceful' };
}

/**
 * Forced: deleted with a grace period of 0 while the kubelet had not ended the containers and no graceful deletion was
 * under way. The API server also uses 0 where nothing has to be waited for (a pod without a node, a finished pod), and
 * the kubelet for its final delete once everything has stopped.
 */
function isForced(previous: PodSnapshot | undefined, snapshot: PodSnapshot): boolean {
  if (snapshot.deletionTimestamp === undefined || (snapshot.deletionGracePeriodSeconds ?? 0) > 0) return false;
  if (previous?.deletionTimestamp !== undefined && (previous.deletionGracePeriodSeconds ?? 0) > 0) return false;
  if (snapshot.nodeName === undefined || snapshot.phase === 'Succeeded' || snapshot.phase === 'Failed') return false;
  return snapshot.containers.some(({ type, status }) => type === 'app' && status?.state?.kind !== 'terminated');
}
