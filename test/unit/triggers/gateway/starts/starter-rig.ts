import type { AdmitAnswer } from '../../../../../platform/redis/sessions/admission/admission.ts';
import type { RedisResult } from '../../../../../platform/redis/redis.ts';
import { createMetrics } from '../../../../../platform/metrics.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import type { SessionTarget } from '../../../../../triggers/gateway/session/session-target.ts';
import { createSessionStarter } from '../../../../../triggers/gateway/starts/create-session-starter.ts';
import type { WaiterLimits } from '../../../../../triggers/gateway/starts/count-waiters.ts';
import type { EnsureOptions } from '../../../../../triggers/gateway/starts/session-starter.ts';
import type { EnsureReadyAnswer, EnsureReadyRequest } from '../../../../../workflows/session.messages.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { quickClass } from '../../../../helpers/sessions/session-runs.ts';

type Ready = Extract<EnsureReadyAnswer, { readonly state: 'ready' }>;

/** One call of a session's run, answered when the test says so. */
export interface AskedRun {
  readonly target: SessionTarget;
  readonly request: EnsureReadyRequest;
  readonly take: () => void;
  readonly answer: (answer: EnsureReadyAnswer) => void;
  readonly fail: (error: Error) => void;
}

export function targetOf(key: string, parts: Partial<SessionTarget> = {}): SessionTarget {
  const owner = { tenant: '', tenantHash: 't', ownerHash: 'o' };
  return { key, sessionId: `id-${key}`, ...owner, askedClass: null, class: quickClass, ...parts };
}

export function readyWith(incarnation: number, parts: Partial<Ready> = {}): Ready {
  const pod = { podUid: `uid-${incarnation}`, namespace: 'n', podName: `p-${incarnation}`, address: '10.0.0.1' };
  const start = { start: 'cold', startMs: 5 } as const;
  return { state: 'ready', incarnation, ...pod, port: 8080, class: 'default', kid: 'k', ...start, ...parts };
}

/** A starter between runs, slots and routes that the test plays. */
export function startStarter({ waiterLimits }: { readonly waiterLimits?: WaiterLimits } = {}) {
  const asked: AskedRun[] = [];
  const open = new Set<AskedRun>();
  const admitted: string[] = [];
  let mostOpenOfOne = 0;
  let admit: () => RedisResult<AdmitAnswer> = () => ({ ok: true, value: { answer: 'admitted', retryMs: 0 } });
  const routes = new Map<string, Route>();
  const watchers = new Map<string, Set<{ above: number; done: (route: Route | undefined) => void }>>();
  const tombstones = new Set<string>();
  const metrics = createMetrics();
  const log = captureLog();

  const show = (route: Route): void => {
    routes.set(route.key, route);
    for (const watcher of [...(watchers.get(route.key) ?? [])])
      if (route.incarnation > watcher.above) watcher.done(route);
  };

  const starter = createSessionStarter({
    metrics,
    logger: log.logger,
    limits: { sessions: 10, sessionsPerTenant: 5, startsPerSecond: 20, startsAtOnce: 100 },
    ...(waiterLimits !== undefined && { waiterLimits }),
    admission: {
      admit: ({ key }) => {
        admitted.push(key);
        return Promise.resolve(admit());
      },
    },
    runs: {
      ensureReady: (target, request, taken) =>
        new Promise((resolve, reject) => {
          const call: AskedRun = {
            target,
            request,
            take: () => taken?.(),
            answer: (answer) => {
              open.delete(call);
              resolve(answer);
            },
            fail: (error) => {
              open.delete(call);
              reject(error);
            },
          };
          asked.push(call);
          open.add(call);
          const ofOne = [...open].filter((other) => other.target.key === target.key).length;
          mostOpenOfOne = Math.max(mostOpenOfOne, ofOne);
        }),
    },
    routes: {
      find: (key) => routes.get(key),
      offer: (route) => {
        const known = routes.get(route.key);
        if (tombstones.has(route.podUid)) return known;
        if (known === undefined || known.incarnation < route.incarnation) show(route);
        return routes.get(route.key);
      },
      next: (key, above, signal) =>
        new Promise((resolve) => {
          const known = routes.get(key);
          const all = watchers.get(key) ?? new Set();
          const watcher = {
            above,
            done: (route: Route | undefined) => {
              all.delete(watcher);
              if (all.size === 0) watchers.delete(key);
              resolve(route);
            },
          };
          if (known !== undefined && known.incarnation > above) {
            resolve(known);
            return;
          }
          all.add(watcher);
          watchers.set(key, all);
          signal.addEventListener('abort', () => watcher.done(undefined), { once: true });
        }),
    },
  });

  const ensure = (target: SessionTarget, options: Partial<EnsureOptions> = {}) =>
    starter.ensure(target, {
      above: 0,
      deadlineMs: performance.now() + 10_000,
      signal: new AbortController().signal,
      ...options,
    });

  return {
    starter,
    ensure,
    asked,
    open,
    admitted,
    metrics,
    tombstones,
    show,
    /** The route of a pod as a watch shows it. */
    routeTo: (key: string, incarnation: number, name = 'default'): Route => {
      const { state: _, start: __, startMs: ___, ...pod } = readyWith(incarnation, { class: name });
      return { ...pod, key, version: '1' };
    },
    hide: (key: string) => routes.delete(key),
    onAdmit: (next: typeof admit) => (admit = next),
    watchersLeft: () => watchers.size,
    mostOpenOfOne: () => mostOpenOfOne,
    /** The n-th call of a run, once it was made. */
    call: async (index: number): Promise<AskedRun> => {
      for (;;) {
        const call = asked[index];
        if (call !== undefined) return call;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
  };
}

/** Lets everything that can go on without an answer do so. */
export async function settle(ms = 5): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
