import { readFile } from 'node:fs/promises';
import type { KubernetesApi } from '../../../../dev/kubernetes/api.ts';
import type { PodChange, PodRequest } from './tables.ts';

/** What the session pods themselves say they were asked. */
export interface RequestLogs {
  /** To be called with each change of the watch: the log of a pod on a real node is gone with the pod. */
  readonly follow: (change: PodChange) => void;
  readonly requests: () => Promise<readonly PodRequest[]>;
  readonly close: () => void;
}

/** Reads the log of the stand-in for pods on simulated nodes. It has the requests of other tests' pods, too. */
export function readStandInLog(path: string): RequestLogs {
  return {
    follow: () => undefined,
    requests: async () => readLines(await readFile(path, 'utf8')),
    close: () => undefined,
  };
}

/** Follows the log of each pod on a real node from its start to its end. */
export function followPodLogs(api: KubernetesApi, namespace: string): RequestLogs {
  const texts = new Map<string, string>();
  const stopping = new AbortController();
  const read = async (name: string, uid: string) => {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const decoder = new TextDecoder();
    for await (const chunk of await api.stream({ path, query: { follow: 'true' }, signal: stopping.signal })) {
      texts.set(uid, (texts.get(uid) ?? '') + decoder.decode(chunk, { stream: true }));
    }
  };
  return {
    follow: ({ uid, name, phase, type }) => {
      if (phase !== 'Running' || type === 'DELETED' || texts.has(uid)) return;
      texts.set(uid, '');
      // The log ends with its pod or with the test; what came until then is what there is.
      read(name, uid).catch(() => undefined);
    },
    requests: () => Promise.resolve([...texts.values()].flatMap(readLines)),
    close: () => stopping.abort(),
  };
}

interface Line {
  readonly event?: string;
  readonly requestId?: string | null;
  readonly path?: string | null;
  readonly sessionKey?: string | null;
  readonly incarnation?: number | null;
  readonly podUid?: string | null;
  readonly status?: number;
  readonly begin?: number;
  readonly end?: number;
  readonly complete?: boolean;
}

/** The requests of a log: one for each answer, one for each WebSocket. */
function readLines(text: string): PodRequest[] {
  return text.split('\n').flatMap((raw) => {
    if (!raw.startsWith('{')) return [];
    const line = parseLine(raw);
    const isUpgrade = line?.status === 101;
    const isOver = line?.event === 'request' || line?.event === 'websocket-closed';
    if (line === undefined || !isOver || isUpgrade || line.begin === undefined) return [];
    const { requestId = null, path = null, sessionKey = null, incarnation = null, podUid = null } = line;
    const complete = line.event === 'websocket-closed' || line.complete === true;
    const { begin: beginMs, end: endMs = null } = line;
    return [{ requestId, path, sessionKey, incarnation, podUid, beginMs, endMs, complete }];
  });
}

/** The last line may be half written. */
function parseLine(raw: string): Line | undefined {
  try {
    return JSON.parse(raw) as Line;
  } catch {
    return undefined;
  }
}
