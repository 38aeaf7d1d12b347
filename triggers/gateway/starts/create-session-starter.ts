import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../../../platform/metrics.ts';
import { failures } from '../../../domain/failures.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { Route, RouteTable } from '../routes/route-table.ts';
import type { SessionTarget } from '../session/session-target.ts';
import { createWaiterCount, type WaiterLimits, waiterLimits } from './count-waiters.ts';
import { jitteredPauseMs } from './runs/ask-session.ts';
import {
  createSessionFlights,
  type Doubts,
  type Flight,
  type FlightOptions,
  type FlightOutcome,
} from './session-flights.ts';
import type { EnsureOptions, ReadySession, SessionStarter } from './session-starter.ts';
import { createStartBreaker } from './start-breaker.ts';

/** A run takes an update within milliseconds; when none did for this long, Temporal or its workers are not there. */
const silentMs = 5000;
/** A run that still starts a pod answers after 20 s; one that answers sooner is not asked again at once. */
const shortAnswerMs = 1000;
/** Of the pause between answers that are of no use: each update makes the history of the run longer. */
const mostDoublings = 3;

export interface SessionStarterOptions extends Omit<FlightOptions, 'breaker' | 'routes' | 'metrics'> {
  readonly routes: Pick<RouteTable, 'find' | 'offer' | 'next'>;
  readonly metrics: Pick<Metrics, 'sessionWaiters' | 'sessionStarts' | 'sessionSuspects'>;
  readonly waiterLimits?: WaiterLimits;
}

type Wish = Doubts & Pick<EnsureOptions, 'above'>;

/** A session that requests wait for, or an update of which is not answered yet. */
interface WaitedFor {
  /** Since when, by `performance.now()`. */
  readonly sinceMs: number;
  readonly wishes: Set<Wish>;
  flight: Flight | undefined;
  /** Why it takes time, as its run said last; undefined until it said so. */
  reason: string | undefined;
  /** The incarnation its run named last, if the watch has seen that go: the run must look. */
  outdated: number | undefined;
}

/** One request that waits. `over` is aborted when its wait has ended. */
interface Waiter {
  readonly target: SessionTarget;
  readonly options: EnsureOptions;
  readonly over: AbortSignal;
  readonly session: WaitedFor;
}

/** Makes sessions start: one update of a session's run at a time, shared by all requests that wait for it. */
export function createSessionStarter(options: SessionStarterOptions): SessionStarter {
  const { routes, metrics } = options;
  const count = createWaiterCount(options.waiterLimits ?? waiterLimits);
  const beginFlight = createSessionFlights({ ...options, breaker: createStartBreaker() });
  const sessions = new Map<string, WaitedFor>();

  const sessionOf = (key: string): WaitedFor => {
    const session = sessions.get(key) ?? {
      sinceMs: performance.now(),
      wishes: new Set(),
      flight: undefined,
      reason: undefined,
      outdated: undefined,
    };
    sessions.set(key, session);
    return session;
  };
  const forget = (key: string, { wishes, flight }: WaitedFor): void => {
    if (wishes.size === 0 && flight === undefined) sessions.delete(key);
  };

  const flightOf = (target: SessionTarget, session: WaitedFor): Flight => {
    if (session.flight !== undefined) return session.flight;
    const begun = beginFlight({
      target,
      doubts: allDoubts(session),
      above: Math.max(0, ...[...session.wishes].map(({ above }) => above)),
      begun: session.reason !== undefined,
      sinceMs: session.sinceMs,
    });
    // Cleared before anyone who waits goes on, so that they begin the next one; also when nobody waits any more.
    const outcome = begun.outcome.then((result) => {
      session.flight = undefined;
      session.reason = result.state === 'starting' ? result.reason : undefined;
      session.outdated = result.state === 'outdated' ? result.incarnation : undefined;
      forget(target.key, session);
      return result;
    });
    session.flight = { ...begun, outcome };
    return session.flight;
  };

  const askRun = async (waiter: Waiter): Promise<ReadySession> => {
    const { target, session, over } = waiter;
    for (let pauses = 0; ; pauses += 1) {
      const flight = flightOf(target, session);
      const outcome = await flight.outcome;
      over.throwIfAborted();
      const next = judge(waiter, flight, outcome);
      if (typeof next === 'object') return next;
      if (next === 'later') {
        await sleep(jitteredPauseMs() * 2 ** Math.min(pauses, mostDoublings), undefined, { signal: over, ref: false });
      }
    }
  };

  const watchRoutes = async ({ target, options: { above, suspect = 0 }, over }: Waiter): Promise<ReadySession> => {
    // What the caller could have found itself is not what it waits for.
    const known = routes.find(target.key)?.incarnation ?? 0;
    const route = await routes.next(target.key, Math.max(above, suspect, known), over);
    // Aborted: the wait has ended already, this is the lost side of a race.
    if (route === undefined) return await new Promise<never>(() => undefined);
    checkClass(target, route);
    return { route, start: suspect === 0 ? 'cold' : 'healed' };
  };

  return {
    get waiting() {
      return count.inAll;
    },
    async ensure(target, ensureOptions) {
      if (ensureOptions.signal.aborted) throw gone(ensureOptions.signal.reason);
      const leave = count.enter(target);
      metrics.sessionWaiters.set(count.inAll);
      const session = sessionOf(target.key);
      // Of its own, because one object of options may be given for many requests.
      const { above, suspect, unpublished } = ensureOptions;
      const wish: Wish = { above, ...definedDoubts(suspect, unpublished) };
      session.wishes.add(wish);
      const over = new AbortController();
      const waiter: Waiter = { target, options: ensureOptions, over: over.signal, session };
      try {
        return await Promise.race([untilEnded(waiter), watchRoutes(waiter), askRun(waiter)]);
      } finally {
        over.abort();
        session.wishes.delete(wish);
        forget(target.key, session);
        leave();
        metrics.sessionWaiters.set(count.inAll);
      }
    },
  };
}

/** The session for this request, or when to ask for it again. Throws a Problem when that is of no use. */
function judge(
  { target, options: { suspect, unpublished } }: Waiter,
  flight: Flight,
  outcome: FlightOutcome,
): ReadySession | 'again' | 'later' {
  switch (outcome.state) {
    case 'failed':
      // Somebody else named another class than this request does.
      if (outcome.problem.code === 'class_mismatch' && flight.askedClass !== target.askedClass) return 'again';
      throw outcome.problem;
    case 'starting':
      return performance.now() - flight.beganAtMs < shortAnswerMs ? 'later' : 'again';
    case 'outdated':
      return 'later';
    case 'ready': {
      const { route } = outcome.session;
      checkClass(target, route);
      // The answer was under way before this request came with its doubt.
      const isDoubted =
        (route.incarnation === suspect && (flight.doubts.suspect ?? 0) < suspect) ||
        (route.incarnation === unpublished && (flight.doubts.unpublished ?? 0) < unpublished);
      return isDoubted ? 'again' : outcome.session;
    }
  }
}

/** What any of the requests that wait doubts; of the highest incarnation, because the lower ones are over. */
function allDoubts({ wishes, outdated }: WaitedFor): Doubts {
  const waiting = [...wishes];
  return definedDoubts(
    highest([...waiting.map(({ suspect }) => suspect), outdated]),
    highest(waiting.map(({ unpublished }) => unpublished)),
  );
}

function highest(incarnations: readonly (number | undefined)[]): number | undefined {
  const known = incarnations.filter((incarnation) => incarnation !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function definedDoubts(suspect: number | undefined, unpublished: number | undefined): Doubts {
  return { ...(suspect !== undefined && { suspect }), ...(unpublished !== undefined && { unpublished }) };
}

function checkClass({ askedClass }: SessionTarget, { class: name }: Route): void {
  if (askedClass === null || askedClass === name) return;
  throw new Problem('class_mismatch', { detail: `The session has the class "${name}", not "${askedClass}".` });
}

/** Rejects when the request can't be held any longer, or nobody waits for its answer. */
async function untilEnded({ options: { deadlineMs, signal }, over, session }: Waiter): Promise<never> {
  return await new Promise<never>((_, reject) => {
    const leave = (): void => reject(gone(signal.reason));
    const timer = setTimeout(() => reject(tooLate(session)), Math.max(0, deadlineMs - performance.now()));
    timer.unref();
    signal.addEventListener('abort', leave, { signal: over });
    over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function gone(reason: unknown): Problem {
  return reason instanceof Problem
    ? reason
    : new Problem('starting', { detail: 'Nobody waits any more.', cause: reason });
}

function tooLate({ flight, reason }: WaitedFor): Problem {
  const isSilent = flight !== undefined && !flight.taken() && performance.now() - flight.beganAtMs >= silentMs;
  if (isSilent) return new Problem('orchestrator_unavailable');
  const { meaning } = failures.starting;
  return new Problem('starting', { ...(reason !== undefined && { detail: `${meaning} It waits for: ${reason}` }) });
}
