import type { AdmissionLimits, AdmissionStore } from '../../../platform/redis/sessions/admission/admission.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import type { EnsureReadyAnswer, EnsureReadyRequest } from '../../../workflows/session.messages.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { Route, RouteTable } from '../routes/route-table.ts';
import type { SessionTarget } from '../session/session-target.ts';
import type { SessionRuns } from './session-runs.ts';
import type { ReadySession } from './session-starter.ts';
import type { StartBreaker } from './start-breaker.ts';
import { takeSlot } from './take-slot.ts';

/** An incarnation is reported at most this often by one gateway; its run looks at it meanwhile. */
const suspectMs = 5000;

export interface FlightOptions {
  readonly runs: Pick<SessionRuns, 'ensureReady'>;
  readonly admission: Pick<AdmissionStore, 'admit'>;
  readonly routes: Pick<RouteTable, 'find' | 'offer'>;
  readonly limits: AdmissionLimits;
  readonly breaker: StartBreaker;
  readonly metrics: Pick<Metrics, 'sessionStarts' | 'sessionSuspects'>;
  readonly logger: Logger;
}

/** What one update of a session's run came to. `outdated`: it named a pod that the watch has seen go. */
export type FlightOutcome =
  | { readonly state: 'ready'; readonly session: ReadySession }
  | { readonly state: 'starting'; readonly reason: string }
  | { readonly state: 'outdated'; readonly incarnation: number }
  | { readonly state: 'failed'; readonly problem: Problem };

/** The one update of a session that this process waits for; shared by all requests that wait for the session. */
export interface Flight {
  readonly beganAtMs: number;
  readonly askedClass: string | null;
  readonly doubts: Doubts;
  /** Whether a session worker has taken it. */
  taken(): boolean;
  /** Never rejects. */
  readonly outcome: Promise<FlightOutcome>;
}

/** What the run is to see to before it answers. */
export interface Doubts {
  /** The incarnation that could not be reached. */
  readonly suspect?: number;
  /** The incarnation that Redis knows nothing of. */
  readonly unpublished?: number;
}

export interface FlightRequest {
  readonly target: SessionTarget;
  /** The highest of all that wait. */
  readonly doubts: Doubts;
  /** Up to this incarnation, routes were refused. */
  readonly above: number;
  /** Whether its run has answered that its pod starts. */
  readonly begun: boolean;
  /** Since when the first of them waits, by `performance.now()`. */
  readonly sinceMs: number;
}

/**
 * Begins updates of sessions' runs. A session without a pod gets one of the slots first, and waits while starts of its class
 * fail; one with a pod is asked for at once. Throws a Problem when nothing is begun.
 */
export function createSessionFlights(options: FlightOptions): (request: FlightRequest) => Flight {
  const { runs, admission, routes, limits, breaker, metrics, logger } = options;
  const takeSuspect = createSuspectGate();

  const settle = (target: SessionTarget, answer: EnsureReadyAnswer): FlightOutcome => {
    const { key, class: wanted } = target;
    if (answer.state === 'starting') {
      breaker.pending(wanted.name, key);
      return answer;
    }
    const { start } = answer;
    metrics.sessionStarts.inc({ start });
    if (start === 'existing') breaker.undecided(wanted.name, key);
    else breaker.succeeded(answer.class);
    const route = routes.offer(routeOf(key, answer));
    if (route === undefined) return { state: 'outdated', incarnation: answer.incarnation };
    return { state: 'ready', session: { route, start } };
  };

  const failed = ({ key, class: wanted }: SessionTarget, error: unknown): FlightOutcome => {
    const problem = error instanceof Problem ? error : new Problem('internal_error', { cause: error });
    breaker.failed(wanted.name, key, problem.code);
    if (problem.status >= 500 && problem.cause !== undefined)
      logger.warn({ code: problem.code, err: problem.cause }, 'a session did not start');
    return { state: 'failed', problem };
  };

  return ({ target, doubts, above, begun, sinceMs }) => {
    const { key, tenantHash, askedClass, class: wanted } = target;
    const { suspect, unpublished } = doubts;
    const route = routes.find(key);
    const isDoubted = suspect !== undefined || unpublished !== undefined;
    const exists = begun || isDoubted || (route !== undefined && route.incarnation > above);
    if (!exists) breaker.pass(wanted.name, key);
    const reported = suspect !== undefined && takeSuspect(key, suspect);
    if (reported) metrics.sessionSuspects.inc();
    const request: EnsureReadyRequest = {
      ...(askedClass !== null && { class: askedClass }),
      ...(reported && { suspect }),
      ...(unpublished !== undefined && { unpublished }),
      waitedMs: Math.round(performance.now() - sinceMs),
    };
    let taken = false;

    const fly = async (): Promise<FlightOutcome> => {
      try {
        if (!exists) await takeSlot({ admission, limits }, { key, tenantHash });
        const answer = await runs.ensureReady(target, request, () => {
          taken = true;
        });
        return settle(target, answer);
      } catch (error) {
        return failed(target, error);
      }
    };
    return { beganAtMs: performance.now(), askedClass, doubts, taken: () => taken, outcome: fly() };
  };
}

function routeOf(key: string, answer: Extract<EnsureReadyAnswer, { readonly state: 'ready' }>): Route {
  const { incarnation, podUid, namespace, podName, class: name, address, port, kid } = answer;
  return { key, incarnation, podUid, namespace, podName, class: name, address, port, kid, version: '' };
}

/** Answers whether a suspicion is to be reported now: not when it was reported a moment ago. */
function createSuspectGate(): (key: string, incarnation: number) => boolean {
  const reports = new Map<string, { readonly incarnation: number; readonly atMs: number }>();
  return (key, incarnation) => {
    const nowMs = performance.now();
    // In the order of their times.
    for (const [oldKey, { atMs }] of reports) {
      if (nowMs - atMs < suspectMs) break;
      reports.delete(oldKey);
    }
    if (reports.get(key)?.incarnation === incarnation) return false;
    reports.delete(key);
    reports.set(key, { incarnation, atMs: nowMs });
    return true;
  };
}
