import type { Evidence } from '../evidence.ts';
import type { ClientRequest, PodChange } from '../tables.ts';

/**
 * Answers of a pod that was not the asked session's: by the API server's word on the pod that answered, by the pods' own logs, by
 * incarnations that go backwards, and requests that two pods have served.
 */
export function findWrongAnswers({ requests, changes, podRequests }: Omit<Evidence, 'samples'>): string[] {
  const pods = firstChanges(changes);
  return [
    ...requests.flatMap((request) => ofAnswer(request, pods)),
    ...ofKeys(requests),
    ...ofOrder(requests),
    ...ofLogs({ requests, podRequests, pods }),
  ];
}

function firstChanges(changes: readonly PodChange[]): ReadonlyMap<string, PodChange> {
  const pods = new Map<string, PodChange>();
  for (const change of changes) if (!pods.has(change.uid)) pods.set(change.uid, change);
  return pods;
}

function ofAnswer({ pod, requestId, sessionId }: ClientRequest, pods: ReadonlyMap<string, PodChange>): string[] {
  if (pod?.podUid == null) return [];
  const seen = pods.get(pod.podUid);
  const answered = `request ${requestId} to ${sessionId} was answered by pod ${pod.podUid}`;
  if (seen === undefined) return [`${answered}, which the API server never showed`];
  return [
    ...(seen.sessionId === sessionId ? [] : [`${answered}, which is of the session ${seen.sessionId}`]),
    ...(seen.sessionKey === pod.sessionKey && seen.incarnation === pod.incarnation
      ? []
      : [`${answered}, which says ${pod.sessionKey}/${pod.incarnation} and is ${seen.name}`]),
  ];
}

/** Two owners' sessions of one id must not share a pod. */
function ofKeys(requests: readonly ClientRequest[]): string[] {
  const [keyOf, sessionOf] = [new Map<string, string>(), new Map<string, string>()];
  return requests.flatMap(({ session, pod }) => {
    const key = pod?.sessionKey;
    if (key == null) return [];
    const [known, taken] = [keyOf.get(session) ?? key, sessionOf.get(key) ?? session];
    keyOf.set(session, known);
    sessionOf.set(key, taken);
    if (known !== key) return [`session ${session} was answered as ${known} and as ${key}`];
    return taken === session ? [] : [`${key} answered both ${taken} and ${session}`];
  });
}

/** A request that began after another was answered must not be answered by an older pod. */
function ofOrder(requests: readonly ClientRequest[]): string[] {
  const bySession = Map.groupBy(
    requests.filter(({ pod, endMs }) => pod?.incarnation != null && endMs !== null),
    ({ session }) => session,
  );
  return [...bySession.values()].flatMap((rows) => {
    const byEnd = [...rows].sort((one, other) => (one.endMs ?? 0) - (other.endMs ?? 0));
    const byBegin = [...rows].sort((one, other) => one.beginMs - other.beginMs);
    let [at, highest] = [0, 0];
    return byBegin.flatMap(({ beginMs, requestId, sessionId, pod }) => {
      for (let ended = byEnd[at]; ended !== undefined && (ended.endMs ?? 0) < beginMs; ended = byEnd[++at]) {
        highest = Math.max(highest, ended.pod?.incarnation ?? 0);
      }
      const own = pod?.incarnation ?? 0;
      return own >= highest
        ? []
        : [`request ${requestId} to ${sessionId} was answered by ${own} after ${highest} had answered before it`];
    });
  });
}

function ofLogs(input: Pick<Evidence, 'requests' | 'podRequests'> & { readonly pods: ReadonlyMap<string, PodChange> }) {
  const asked = new Map(input.requests.map((request) => [request.requestId, request] as const));
  const served = new Map<string, string>();
  return input.podRequests.flatMap(({ requestId, podUid, path }) => {
    const request = requestId === null ? undefined : asked.get(requestId);
    if (request === undefined || podUid === null || requestId === null) return [];
    const other = served.get(requestId);
    served.set(requestId, podUid);
    const pod = input.pods.get(podUid);
    return [
      ...(other === undefined || other === podUid
        ? []
        : [`request ${requestId} was served by pods ${other} and ${podUid}`]),
      ...(pod === undefined || pod.sessionId === request.sessionId
        ? []
        : [`request ${requestId} to ${request.sessionId} reached ${pod.name} at ${path}, of ${pod.sessionId}`]),
    ];
  });
}
