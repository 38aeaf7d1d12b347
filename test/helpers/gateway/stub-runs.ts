import type { SessionStatus } from '../../../workflows/session.messages.ts';
import type { SessionRow, SessionRuns } from '../../../triggers/gateway/starts/session-runs.ts';
import { Problem } from '../../../triggers/http/problems/problem.ts';

export interface StubRuns extends SessionRuns {
  /** Each call, with its arguments. */
  readonly calls: [name: string, ...unknown[]][];
  /** Sessions there are. */
  readonly statuses: Map<string, SessionStatus>;
  /** How ending them goes on. */
  terminated: { phase: SessionStatus['phase']; gone: boolean };
  rows: SessionRow[];
  /** Thrown by each call. */
  failure: Error | undefined;
}

export const readyStatus = (key: string, sessionId: string): SessionStatus =>
  ({
    key,
    sessionId,
    class: 'default',
    phase: 'Ready',
    drain: null,
    incarnation: 7,
    pod: null,
    since: '2026-01-01T00:00:00.000Z',
    why: 'a request is in flight',
    keep: null,
    heals: 0,
    failure: null,
  }) as unknown as SessionStatus;

/** Runs of sessions in memory. */
export function createStubRuns(): StubRuns {
  const call = (name: string, ...input: unknown[]): void => {
    stub.calls.push([name, ...input]);
    if (stub.failure !== undefined) throw stub.failure;
  };
  const stub: StubRuns = {
    calls: [],
    statuses: new Map(),
    terminated: { phase: 'Gone', gone: true },
    rows: [],
    failure: undefined,
    ensureReady: () => Promise.reject(new Error('the server never asks for that')),
    async terminate(key, options) {
      await Promise.resolve();
      call('terminate', key, options);
      return { existed: stub.statuses.has(key), ...stub.terminated };
    },
    async extend(key, seconds) {
      await Promise.resolve();
      call('extend', key, seconds);
      if (!stub.statuses.has(key)) throw new Problem('not_found', { detail: 'There is no such session.' });
      return { keptUntil: '2026-01-01T01:00:00.000Z' };
    },
    async status(key) {
      await Promise.resolve();
      call('status', key);
      return stub.statuses.get(key) ?? null;
    },
    async list(query) {
      await Promise.resolve();
      call('list', query);
      return { sessions: stub.rows, cursor: null };
    },
  };
  return stub;
}
