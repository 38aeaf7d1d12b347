import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionAnswer, SessionClient } from '../rig/client/session-client.ts';

/** Longer than a gateway holds any request: one that takes this long is a failure of its own. */
const answerSeconds = 60;

/** A request that was not answered 200. */
export interface LoadFailure {
  readonly atMs: number;
  readonly endMs: number;
  readonly id: string;
  readonly gateway: number;
  /** `503 starting retryable`, or what the connection failed with. */
  readonly what: string;
}

/** Requests to the same sessions again and again, each session's one after the other. */
export interface SessionLoad {
  /** Requests that were answered 200 up to now. */
  readonly answered: () => number;
  /** What failed since the last call. */
  readonly takeFailures: () => readonly LoadFailure[];
  /** Waits until each session has had two more answers or failures: the first may have begun before the call. */
  readonly round: () => Promise<void>;
  /** Pod uids that have answered for a session since the load began. */
  readonly podsOf: (id: string) => readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts it; `nextGateway` is asked before each request. Ends of connections are counted, never thrown. */
export function startLoad(input: {
  readonly client: SessionClient;
  readonly ids: readonly string[];
  /** Of all sessions together, while they are answered fast. */
  readonly requestsPerSecond: number;
  readonly nextGateway: () => number;
}): SessionLoad {
  const { client, ids, nextGateway } = input;
  const pauseMs = (ids.length * 1000) / input.requestsPerSecond;
  const pods = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
  const stopping = new AbortController();
  const finished = new Map<string, number>(ids.map((id) => [id, 0]));
  let answered = 0;
  let failures: LoadFailure[] = [];

  const ask = async (id: string, number: number) => {
    const gateway = nextGateway();
    const atMs = Date.now();
    const what = await client
      .execute(id, { number }, { gateway, signal: AbortSignal.timeout(answerSeconds * 1000) })
      .then((answer) => {
        if (answer.status !== 200) return describeAnswer(answer);
        answered += 1;
        pods.get(id)?.add(answer.row.pod?.podUid ?? '');
        return undefined;
      }, describeError);
    if (what !== undefined) failures.push({ atMs, endMs: Date.now(), id, gateway, what });
  };
  const loops = ids.map(async (id, index) => {
    await sleep((pauseMs * index) / ids.length);
    for (let number = 1; !stopping.signal.aborted; number += 1) {
      await ask(id, number);
      finished.set(id, number);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  });
  return {
    answered: () => answered,
    takeFailures: () => {
      const taken = failures;
      failures = [];
      return taken;
    },
    round: async () => {
      const before = new Map(finished);
      while (ids.some((id) => (finished.get(id) ?? 0) < (before.get(id) ?? 0) + 2)) await sleep(50);
    },
    podsOf: (id) => [...(pods.get(id) ?? [])],
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** `503 starting retryable`. */
export function describeAnswer({ status, code, json }: SessionAnswer): string {
  const retryable = (json as { retryable?: boolean } | undefined)?.retryable === true;
  return `${status} ${code ?? 'without a code'}${retryable ? ' retryable' : ''}`;
}

/** `ECONNREFUSED`, or the message of an error without a code. */
export function describeError(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(typeof code === 'string' ? code : message);
}
