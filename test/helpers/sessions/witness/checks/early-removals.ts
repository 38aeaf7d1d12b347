import type { CheckOptions, Evidence } from '../evidence.ts';
import type { ClientRequest, PodChange, PodRequest } from '../tables.ts';

/**
 * Pods that were deleted although a request was in flight, or before their idle timeout was over. Judged so that what is told did
 * happen: of a deletion the latest moment it can have been at, of an activity the moment the pod itself was done with it.
 */
export function findEarlyRemovals(
  { requests, changes, podRequests }: Pick<Evidence, 'requests' | 'changes' | 'podRequests'>,
  { idleTimeoutSeconds, endedOnPurpose = [] }: Pick<CheckOptions, 'idleTimeoutSeconds' | 'endedOnPurpose'>,
): string[] {
  const allowed = new Set(endedOnPurpose);
  const logged = new Map(podRequests.map((line) => [line.requestId, line] as const));
  const traffic = Map.groupBy(
    requests.filter((row) => isTraffic(row)),
    ({ sessionId }) => sessionId,
  );
  return deletions(changes).flatMap(({ pod, atMs }) => {
    if (allowed.has(pod.sessionId)) return [];
    const ofPod = (traffic.get(pod.sessionId) ?? []).filter((row) => reached(row, logged, pod));
    const inFlight = ofPod.filter(({ beginMs, endMs, requestId }) => {
      const doneMs = logged.get(requestId)?.endMs ?? endMs;
      return beginMs < atMs && (doneMs === null || doneMs > atMs);
    });
    const lastMs = Math.max(0, ...ofPod.map((row) => doneAt(row, logged)).filter((doneMs) => doneMs <= atMs));
    const idleMs = atMs - lastMs;
    return [
      ...inFlight.map(({ requestId }) => `${pod.name} was deleted while request ${requestId} was in flight`),
      ...(lastMs > 0 && idleMs < idleTimeoutSeconds * 1000
        ? [`${pod.name} was deleted ${idleMs} ms after its last request, before its ${idleTimeoutSeconds} s were over`]
        : []),
    ];
  });
}

/** Of each pod that was still alive, when its deletion was asked for at the latest. */
function deletions(changes: readonly PodChange[]): { pod: PodChange; atMs: number }[] {
  const seen = new Map<string, 'alive' | 'over'>();
  return changes.flatMap((change) => {
    const { uid, type, deletedMs, phase, seenMs } = change;
    if (seen.get(uid) === 'over') return [];
    const isDeleted = deletedMs !== null || type === 'DELETED';
    const isDead = phase === 'Failed' || phase === 'Succeeded';
    seen.set(uid, isDeleted || isDead ? 'over' : 'alive');
    // A pod that died by itself has nothing left that could be removed too early.
    if (!isDeleted || isDead) return [];
    // The API server cuts its time to the second.
    return [{ pod: change, atMs: deletedMs === null ? seenMs : Math.min(seenMs, deletedMs + 1000) }];
  });
}

/** What counts as activity: requests to the pod, not those about the session. */
function isTraffic({ path }: ClientRequest): boolean {
  return path === 'execute' || path.startsWith('proxy/');
}

/** Whether a request is known to have been with this pod. */
function reached(row: ClientRequest, logged: ReadonlyMap<string | null, PodRequest>, pod: PodChange): boolean {
  const uid = row.pod?.podUid ?? logged.get(row.requestId)?.podUid;
  return uid === pod.uid;
}

function doneAt(row: ClientRequest, logged: ReadonlyMap<string | null, PodRequest>): number {
  return logged.get(row.requestId)?.endMs ?? row.endMs ?? Infinity;
}
