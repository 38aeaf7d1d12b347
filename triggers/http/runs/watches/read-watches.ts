import { watchWorkflowId } from '../../../../domain/names.ts';
import { listRunPage } from '../../../../platform/temporal/runs/list-run-page.ts';
import { type RunRow, runRow } from '../../../../platform/temporal/runs/run-row.ts';
import { visibilityQuery } from '../../../../platform/temporal/runs/visibility-query.ts';
import { watchPodsType } from '../../../../workflows/watch-pods.messages.ts';
import type { HttpDependencies } from '../../http-app.ts';
import { Problem } from '../../problems/problem.ts';
import { askRun } from '../ask-run.ts';
import { type DescribedRun, describeRun } from '../describe-run.ts';
import { readWatch, type WatchStanding } from '../views/read-watch.ts';

/** A cluster has a handful. */
export const maxWatches = 100;

export interface WatchDetails {
  readonly scope: string;
  readonly run: RunRow;
  readonly watch: WatchStanding;
}

export interface WatchList {
  readonly items: readonly WatchDetails[];
  /** Whether there are more than are told. */
  readonly more: boolean;
}

type Reading = Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>;

/** The watches of this cluster that are not stopped. Throws a Problem `no_worker` when one of them gets no answer. */
export async function listWatches(dependencies: Reading): Promise<WatchList> {
  const { client, cluster } = dependencies;
  const query = visibilityQuery({ type: watchPodsType, cluster, status: 'Running' });
  const { runs } = await listRunPage({ client, query, pageSize: maxWatches + 1, pageToken: null });
  const ids = runs.slice(0, maxWatches).map(({ workflowId }) => workflowId);
  const watches = await Promise.all(
    ids.sort().map(async (workflowId) => {
      const described = await describeRun(dependencies, { workflowId });
      // Stopped since it was listed.
      return isStopped(described) ? [] : [await readDetails(dependencies, described)];
    }),
  );
  return { items: watches.flat(), more: runs.length > maxWatches };
}

/** One watch. Throws Problems: `not_found` as `findWatch`, `no_worker` when its run gets no answer. */
export async function readWatchDetails(dependencies: Reading, scope: string): Promise<WatchDetails> {
  return await readDetails(dependencies, await findWatch(dependencies, scope));
}

/** The run of a watch; needs no worker. Throws a Problem `not_found` when there is none, or none that is not stopped. */
export async function findWatch(dependencies: Reading, scope: string): Promise<DescribedRun> {
  const workflowId = watchWorkflowId(dependencies.cluster, scope);
  const described = await describeRun(dependencies, { workflowId });
  if (!isStopped(described)) return described;
  const detail = `The watch "${scope}" was stopped. GET /api/v1/runs/${workflowId} shows what it knew.`;
  throw new Problem('not_found', { detail });
}

function isStopped({ description }: DescribedRun): boolean {
  return description.closeTime !== undefined;
}

async function readDetails({ cluster, runUrl }: Reading, described: DescribedRun): Promise<WatchDetails> {
  const { description, handle } = described;
  const { workflowId, runId } = description;
  return {
    scope: workflowId.slice(watchWorkflowId(cluster, '').length),
    run: runRow(description, runUrl(workflowId, runId)),
    watch: await askRun(workflowId, () => readWatch(handle, description)),
  };
}
