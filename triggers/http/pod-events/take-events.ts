import type { HttpDependencies } from '../http-app.ts';
import { faultProblem } from '../problems/fault-problem.ts';
import { Problem } from '../problems/problem.ts';
import { toProblem } from '../problems/to-problem.ts';
import type { AcceptedPodEvent, PodEventItem } from '../schemas/pod-event.ts';
import { createDeliverChanges } from './deliver-changes.ts';
import { createEventDispatch, type EventOutcome } from './dispatch-events.ts';
import { maxEvents } from './max-events.ts';
import { type PodEvent, type ReadPodEvent, readPodEvent } from './read-pod-event.ts';

export interface EventTaking {
  /** Answers for one event. Throws the Problem that keeps it from being taken. */
  takeOne(body: unknown): Promise<AcceptedPodEvent>;
  /** Answers for each of several. Throws a Problem only when nothing at all was taken. */
  takeAll(body: readonly unknown[]): Promise<{ items: PodEventItem[] }>;
}

/** How many faults are told of a request that was not taken at all. */
const maxFaults = 50;

type Answer = { readonly accepted: AcceptedPodEvent } | { readonly problem: Problem; readonly resourceId?: string };

/** From request bodies to answers; one for all requests of a process. */
export function createEventTaking(dependencies: HttpDependencies): EventTaking {
  const { metrics, limits, logger, runUrl } = dependencies;
  const dispatcher = createEventDispatch({
    ...dependencies,
    deliver: createDeliverChanges(dependencies),
    problemOf: toProblem,
  });

  const answerOf = ({ resourceId }: PodEvent, outcome: EventOutcome | undefined): Answer => {
    if (outcome === undefined) throw new Error('an event was given no outcome');
    const own = resourceId === undefined ? {} : { resourceId };
    if (outcome.outcome === 'failed') return { problem: outcome.problem, ...own };
    return { accepted: { ...outcome, url: runUrl(outcome.workflowId, outcome.runId), ...own } };
  };

  const take = async (read: readonly ReadPodEvent[]): Promise<Answer[]> => {
    const events = read.flatMap((one) => ('event' in one ? [one.event] : []));
    metrics.httpEvents.inc({ result: 'rejected' }, read.length - events.length);
    metrics.snapshotsTruncated.inc(events.filter(({ change }) => change.snapshot.truncated !== undefined).length);
    const outcomes = await dispatcher.dispatch(events);
    return read.map((one) => {
      if ('event' in one) return answerOf(one.event, outcomes.get(one.event));
      const { errors, resourceId } = one;
      const problem = faultProblem('invalid_event', errors);
      return { problem, ...(resourceId !== undefined && { resourceId }) };
    });
  };

  return {
    async takeOne(body) {
      const [answer] = await take([readPodEvent(body, { path: 'body', observedAt: new Date().toISOString() })]);
      if (answer === undefined || 'problem' in answer) throw answer?.problem ?? new Error('no answer for an event');
      return answer.accepted;
    },

    async takeAll(body) {
      checkLength(body.length, Math.min(maxEvents, limits.dispatchQueueLimit));
      const observedAt = new Date().toISOString();
      const answers = await take(
        body.map((event, index) => readPodEvent(event, { path: `body[${index}]`, observedAt })),
      );
      const failures = serverFailures(answers);
      throwIfNothingWasTaken(answers, failures);
      const [first] = failures;
      if (first !== undefined) {
        const { code, cause } = first;
        logger.warn({ code, failed: failures.length, of: answers.length, err: cause ?? first }, 'events not delivered');
      }
      return { items: answers.map(itemOf) };
    },
  };
}

function checkLength(length: number, most: number): void {
  if (length === 0) throw faultProblem('invalid_event', [{ path: 'body', message: 'is an empty list' }]);
  if (length <= most) return;
  const detail = `A request takes at most ${most} events, this one holds ${length}. Send them in several requests.`;
  throw new Problem('body_too_large', { detail });
}

/** The problems that the request is not to blame for. */
function serverFailures(answers: readonly Answer[]): readonly Problem[] {
  return answers.flatMap((answer) => ('problem' in answer && answer.problem.status >= 500 ? [answer.problem] : []));
}

/** When the server failed and nothing was taken, the whole request may be sent again. Faults of its own are told now. */
function throwIfNothingWasTaken(answers: readonly Answer[], [failure]: readonly Problem[]): void {
  if (failure === undefined || answers.some((answer) => 'accepted' in answer)) return;
  const errors = answers.flatMap((answer) => ('problem' in answer ? answer.problem.errors : [])).slice(0, maxFaults);
  throw new Problem(failure.code, { detail: failure.message, errors, cause: failure.cause });
}

function itemOf(answer: Answer): PodEventItem {
  if ('accepted' in answer) return { status: 202, ...answer.accepted };
  const { problem, resourceId } = answer;
  return {
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors.length > 0 && { errors: [...problem.errors] }),
    ...(resourceId !== undefined && { resourceId }),
  };
}
