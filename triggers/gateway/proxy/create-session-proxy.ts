import type { ServerResponse } from 'node:http';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { SessionStart } from '../../../workflows/session.messages.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { Route, RouteTable } from '../routes/route-table.ts';
import type { ReachSession } from '../session/reach-session.ts';
import type { SessionExchange } from '../session/session-exchange.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { type NextStep, afterFailure, cutCode } from './after-failure.ts';
import { createBackoff } from './backoff.ts';
import { checkDeclaredLength } from './body/body-limit.ts';
import { leaveRest } from './body/leave-rest.ts';
import { hasBody } from './body/request-body.ts';
import { createObserveAnswer } from './observe-answer.ts';
import { type PendingBody, createPendingBody } from './body/pending-body.ts';
import type { TryResult } from './pod-answer.ts';
import { sendOnce } from './send-once.ts';
import type { SessionProxy } from './session-proxy.ts';

export interface SessionProxyOptions {
  readonly reach: ReachSession;
  readonly upstream: Pick<Upstream, 'send'>;
  readonly routes: Pick<RouteTable, 'find' | 'drop'>;
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly metrics: Metrics;
  readonly times?: Partial<ProxyTimes>;
}

export interface ProxyTimes {
  /** How long a client may neither send what is missing of its body nor read what is there of its answer. */
  readonly silenceMs: number;
}

/** What a request has gone through so far. */
interface Journey {
  readonly exchange: SessionExchange;
  readonly response: ServerResponse;
  readonly deadlineMs: number;
  readonly body: PendingBody;
  start: SessionStart;
  wrongPods: number;
  resets: number;
  /** Uid of the pod that may have seen it: no other pod gets it, and no pod is made for it. */
  seenBy: string | undefined;
}

const standardTimes: ProxyTimes = { silenceMs: 300_000 };
/** Another than the right pod answers: asking its run once more helps when the route was old; then it never does. */
const mostWrongPods = 3;
const mostResets = 2;

export function createSessionProxy(options: SessionProxyOptions): SessionProxy {
  const { reach, upstream, routes, classes, metrics } = options;
  const { silenceMs } = { ...standardTimes, ...options.times };
  const observe = createObserveAnswer(metrics);
  const mostBodyBytes = Math.max(0, ...[...classes.values()].map(({ bodyLimitBytes }) => bodyLimitBytes));

  return {
    async forward(exchange, response) {
      const { request, target, signal } = exchange;
      const journey: Journey = {
        exchange,
        response,
        deadlineMs: exchange.receivedAtMs + target.class.holdSeconds * 1000,
        body: createPendingBody(request, () => {
          if (request.headers.expect !== undefined) response.writeContinue();
        }),
        start: 'existing',
        wrongPods: 0,
        resets: 0,
        seenBy: undefined,
      };
      try {
        // Where none is named, the class of the session is not known before it is reached.
        checkDeclaredLength(request, target.askedClass === null ? mostBodyBytes : target.class.bodyLimitBytes);
        observe(await forwardAll(journey), exchange);
      } catch (error) {
        if (!response.destroyed) {
          if (!signal.aborted) throw error;
          // Whoever cuts requests off says why, and the client is there to be told.
          if (signal.reason instanceof Problem) throw signal.reason;
        }
        response.destroy();
        observe('client_gone', exchange);
      } finally {
        if (hasBody(request)) leaveRest(request);
      }
    },
  };

  /** Tries until there is an answer; returns its status, or why it was cut. */
  async function forwardAll(journey: Journey): Promise<number | string> {
    const { exchange, response, deadlineMs } = journey;
    const { target, signal } = exchange;
    const backoff = createBackoff(deadlineMs, signal);
    let suspect: Route | undefined;
    for (;;) {
      if (journey.seenBy !== undefined && routes.find(target.key)?.podUid !== journey.seenBy) throw endedWith();
      const { route, lease, start } = await reach(target, { ...(suspect && { suspect }), deadlineMs, signal });
      if (start !== 'existing') journey.start = start;
      let result: TryResult;
      try {
        if (journey.seenBy !== undefined && route.podUid !== journey.seenBy) throw endedWith();
        result = await send(journey, route);
      } finally {
        lease.release();
      }
      if (result.state === 'answered') return response.statusCode;
      if (result.state === 'cut') return cutCode(result.error);
      signal.throwIfAborted();
      const next = afterFailure({ failed: result, replayable: journey.body.isReplayable() });
      if (next instanceof Problem) throw next;
      if (next === 'again' && result.sent) journey.seenBy = route.podUid;
      const failure = nextFailure(journey, next);
      if (next === 'drop' || next === 'wrong') routes.drop(route);
      suspect = next === 'suspect' || next === 'wrong' ? route : undefined;
      if (failure.isLast || !(await backoff())) throw new Problem(failure.code, { cause: result.error });
    }
  }

  function send({ exchange, response, body, start, deadlineMs }: Journey, route: Route): Promise<TryResult> {
    const { bodyLimitBytes } = classes.get(route.class) ?? exchange.target.class;
    checkDeclaredLength(exchange.request, bodyLimitBytes);
    return sendOnce({
      exchange,
      response,
      upstream,
      route,
      body: body.next({ limitBytes: bodyLimitBytes, stallMs: silenceMs }),
      start,
      deadlineMs,
      silenceMs,
    });
  }
}

/** A session that was ended must not begin anew with what was in flight at its end. */
function endedWith(): Problem {
  const detail = 'The pod of the session went away without an answer; it may have seen the request.';
  return new Problem('pod_gone', { detail });
}

/** What the client is told if this was the last try. */
function nextFailure(journey: Journey, next: Exclude<NextStep, Problem>) {
  if (next === 'suspect') return { code: 'connect_failed', isLast: false } as const;
  if (next === 'drop' || next === 'wrong') {
    journey.wrongPods += 1;
    return { code: 'wrong_pod', isLast: journey.wrongPods >= mostWrongPods } as const;
  }
  journey.resets += 1;
  return { code: 'pod_gone', isLast: journey.resets > mostResets } as const;
}
