import { type RunFilter, visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import type { TemporalTarget } from '../../temporal-target.ts';
import { askRun, statesOfRun } from '../states/run-states.ts';
import type { StateOrFault } from '../states/recorded-states.ts';

export interface RunsRequest {
  readonly filter: Omit<RunFilter, 'type'>;
  /** At most this many runs, newest first. */
  readonly limit: number;
  /** Takes what a person should know: that there are more, or none. */
  readonly say: (text: string) => void;
  readonly clock: () => Date;
}

/** Queries at one time: a closed run's is answered by replaying its history on a worker. */
const concurrency = 8;

/** The states of the pod runs a filter matches. Throws when no worker answers. */
export async function* statesOfRuns({ client }: TemporalTarget, request: RunsRequest): AsyncGenerator<StateOrFault> {
  const { filter, limit, say, clock } = request;
  const query = visibilityQuery({ ...filter, type: podLifecycleType });
  const asked: ReturnType<typeof askRun>[] = [];
  let found = 0;
  for await (const info of client.workflow.list({ query, pageSize: Math.min(limit + 1, 1000) })) {
    found += 1;
    if (found > limit) {
      say(`there are more than ${limit} runs: raise --limit or narrow the filter`);
      break;
    }
    asked.push(handled(askRun(client, info)));
    if (asked.length < concurrency) continue;
    const oldest = asked.shift();
    if (oldest !== undefined) yield* statesOfRun(await oldest, clock);
  }
  if (found === 0) say('no run matches; "podkeeper runs list" shows the runs there are');
  for (const oldest of asked) yield* statesOfRun(await oldest, clock);
}

/** Asked before it is awaited: its failure is met when its turn comes. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
