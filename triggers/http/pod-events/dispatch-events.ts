import { podWorkflowId } from '../../../domain/names.ts';
import { splitBySize } from '../../pod-changes/split-by-size.ts';
import { Problem } from '../problems/problem.ts';
import type { HttpDependencies } from '../http-app.ts';
import type { PodEvent } from './read-pod-event.ts';
import type { DeliverChanges, Delivery } from './deliver-changes.ts';
import { createTurns } from './turns.ts';

/** What became of one event. */
export type EventOutcome = Delivery | { readonly outcome: 'failed'; readonly problem: Problem };

export interface EventDispatch {
  /**
   * Hands the events to the runs of their pods, each pod's in the order given, and tells of each what became of it.
   * Throws a Problem `dispatch_full`, having taken nothing, when too many wait already.
   */
  readonly dispatch: (events: readonly PodEvent[]) => Promise<ReadonlyMap<PodEvent, EventOutcome>>;
}

export interface EventDispatchOptions extends Pick<HttpDependencies, 'cluster' | 'limits'> {
  readonly metrics: Pick<HttpDependencies['metrics'], 'httpEvents' | 'httpEventsWaiting'>;
  readonly deliver: DeliverChanges;
  /** What to answer for an event that could not be delivered. */
  readonly problemOf: (error: unknown) => Problem;
}

/** A full queue empties within a second or two where Temporal answers at all. */
const fullRetryAfterSeconds = 1;

interface Item {
  readonly change: PodEvent['change'];
  readonly settle: (outcome: EventOutcome) => void;
}

/** One for all requests of a process: its bounds and the order of a pod's events are across requests. */
export function createEventDispatch(options: EventDispatchOptions): EventDispatch {
  const { cluster, limits, metrics, deliver, problemOf } = options;
  const turns = createTurns(limits.dispatchConcurrency);
  let waiting = 0;

  const count = (change: number): void => {
    waiting += change;
    metrics.httpEventsWaiting.set(waiting);
  };

  /** One signal after another; what follows a failed one is not sent, or it would overtake it. */
  const sendInOrder = async (pod: PodEvent['pod'], items: readonly Item[], deadlineMs: number): Promise<void> => {
    for (let [batch, rest] = splitBySize(items); ; [batch, rest] = splitBySize(rest)) {
      try {
        const delivery = await deliver({ pod, changes: batch.map(({ change }) => change), deadlineMs });
        for (const { settle } of batch) settle(delivery);
      } catch (error) {
        const problem = problemOf(error);
        for (const { settle } of [...batch, ...rest]) settle({ outcome: 'failed', problem });
        return;
      }
      if (rest.length === 0) return;
    }
  };

  return {
    async dispatch(events) {
      if (waiting + events.length > limits.dispatchQueueLimit) {
        metrics.httpEvents.inc({ result: 'refused' }, events.length);
        throw new Problem('dispatch_full', { retryAfterSeconds: fullRetryAfterSeconds });
      }
      count(events.length);
      const deadlineMs = Date.now() + limits.requestTimeoutSeconds * 1000;
      const outcomes = new Map<PodEvent, EventOutcome>();
      const runs = Map.groupBy(events, ({ pod }) => podWorkflowId(cluster, pod));
      const sending = [...runs].map(async ([workflowId, ofPod]) => {
        const items = ofPod.map((event) => ({
          change: event.change,
          settle: (outcome: EventOutcome) => {
            outcomes.set(event, outcome);
            metrics.httpEvents.inc({ result: outcome.outcome });
            count(-1);
          },
        }));
        const [first] = ofPod;
        if (first !== undefined) await turns.run(workflowId, () => sendInOrder(first.pod, items, deadlineMs));
      });
      await Promise.all(sending);
      return outcomes;
    },
  };
}
