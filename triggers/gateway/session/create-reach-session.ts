import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import { Problem } from '../../http/problems/problem.ts';
import type { LeaseHolder } from '../leases/lease-holder.ts';
import type { Route, RouteTable } from '../routes/route-table.ts';
import type { ReadySession, SessionStarter } from '../starts/session-starter.ts';
import type { ReachedSession, ReachSession } from './reach-session.ts';
import type { SessionTarget } from './session-target.ts';

/** Between a lease that was refused after the run's own answer, and the next question. */
const pauseMs = { least: 50, most: 500 } as const;

export interface ReachDependencies {
  readonly routes: Pick<RouteTable, 'find'>;
  readonly leases: Pick<LeaseHolder, 'take'>;
  readonly starter: Pick<SessionStarter, 'ensure'>;
  readonly classes: ReadonlyMap<string, SessionClass>;
}

/**
 * Route from memory, then a lease; the session's run is asked only when one of them is missing. A lease that is refused
 * sends the question back to the run, which calls an idle session back, or makes the next pod.
 */
export function createReachSession({ routes, leases, starter, classes }: ReachDependencies): ReachSession {
  return async (target, options) => {
    let suspect = options.suspect;
    /** What the watch shows up to here has been refused. */
    let above = suspect?.incarnation ?? 0;
    let unpublished: number | undefined;
    let refusals = 0;
    /** How the pod came about that this request has waited for; a later look finds it existing. */
    let began: ReadySession['start'] = 'existing';
    for (;;) {
      const known = routes.find(target.key);
      const { route, start }: ReadySession =
        known !== undefined && known.incarnation > above
          ? { route: known, start: 'existing' }
          : await starter.ensure(ofItsClass(target, known, classes), {
              above,
              deadlineMs: options.deadlineMs,
              signal: options.signal,
              ...(suspect !== undefined && { suspect: suspect.incarnation }),
              ...(unpublished !== undefined && { unpublished }),
            });
      suspect = undefined;
      if (start !== 'existing') began = start;
      const { idleTimeoutSeconds } = classOf(target, route, classes);
      const taken = await leases.take(route, idleTimeoutSeconds);
      if (taken.state === 'held') return reached(route, taken.lease, began);
      unpublished = taken.state === 'missing' ? route.incarnation : undefined;
      above = Math.max(above, route.incarnation);
      refusals += 1;
      if (refusals > 1) await pause(refusals, options);
    }
  };
}

/** A run that is started for a pod that is there (its own was terminated) takes it over as what it is. */
function ofItsClass(
  target: SessionTarget,
  known: Route | undefined,
  classes: ReadonlyMap<string, SessionClass>,
): SessionTarget {
  const own = known === undefined ? undefined : classes.get(known.class);
  return target.askedClass === null && own !== undefined ? { ...target, class: own } : target;
}

function reached(route: Route, lease: ReachedSession['lease'], start: ReadySession['start']): ReachedSession {
  return { route, lease, start };
}

/** Throws when the session is of another class than its token allows or the request asks for, or of one that is not configured any more. */
function classOf(target: SessionTarget, route: Route, classes: ReadonlyMap<string, SessionClass>): SessionClass {
  // The session may have been made with another token of the same owner.
  if (target.allowedClasses?.has(route.class) === false) {
    throw new Problem('forbidden', {
      detail: `The session has the class "${route.class}", which the token does not allow.`,
    });
  }
  if (target.askedClass !== null && target.askedClass !== route.class) {
    throw new Problem('class_mismatch', {
      detail: `The session has the class "${route.class}", not "${target.askedClass}".`,
    });
  }
  const found = classes.get(route.class);
  if (found !== undefined) return found;
  throw new Problem('class_mismatch', {
    detail: `The session has the class "${route.class}", which this gateway does not know. End the session, or configure the class.`,
  });
}

async function pause(
  refusals: number,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const waitMs = Math.min(pauseMs.most, pauseMs.least * 2 ** (refusals - 1)) * (0.5 + Math.random() / 2);
  if (performance.now() + waitMs >= deadlineMs) throw new Problem('starting');
  await sleep(waitMs, undefined, { signal });
}
