import { parsePodWorkflowId } from '../../../domain/names.ts';
import { listRunPage } from '../../../platform/temporal/runs/list-run-page.ts';
import { type RunInfo, type RunRow, runRow } from '../../../platform/temporal/runs/run-row.ts';
import { visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import type { HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { askRun } from './ask-run.ts';
import { type PodRunView, readPodRun } from './views/read-pod-run.ts';

/** More pods of one name are only said to be there: each one is a run to be asked. */
export const maxPods = 20;

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** All pods that had a name, as long as Temporal keeps their runs. */
export interface NamedPod extends PodName {
  /** The pod that has the name now. */
  readonly current: PodOfName | null;
  /** Newest first. */
  readonly earlier: readonly PodOfName[];
  /** Whether there were more pods than are told. */
  readonly more: boolean;
}

export interface PodOfName extends PodRunView {
  readonly uid: string;
  readonly run: RunRow;
}

/**
 * Reads the runs of the pods that have or had a name. Throws Problems: `not_found` when there never was one, `no_worker` when
 * one of the runs gets no answer.
 */
export async function readPod(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  { namespace, name }: PodName,
): Promise<NamedPod> {
  const { client, cluster } = dependencies;
  const query = visibilityQuery({
    type: podLifecycleType,
    cluster,
    namespace,
    pod: name,
    // A run that continued as new is the beginning of one that is in the list itself.
    query: "ExecutionStatus != 'ContinuedAsNew'",
  });
  const { runs } = await listRunPage({ client, query, pageSize: maxPods + 1, pageToken: null });
  if (runs.length === 0) {
    throw new Problem('not_found', { detail: `There is no run of a pod ${namespace}/${name}, open or closed.` });
  }
  const newestFirst = runs.slice(0, maxPods).sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
  const pods = await Promise.all(newestFirst.map((run) => readOne(dependencies, run)));
  const current = pods.find(({ run, state }) => run.closedAt === null && !state.gone) ?? null;
  return {
    namespace,
    name,
    current,
    earlier: pods.filter((pod) => pod !== current),
    more: runs.length > maxPods,
  };
}

async function readOne(
  { client, cluster, runUrl }: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  info: RunInfo,
): Promise<PodOfName> {
  const { workflowId, runId } = info;
  const handle = client.workflow.getHandle(workflowId, runId);
  return {
    uid: parsePodWorkflowId(cluster, workflowId)?.uid ?? '',
    run: runRow(info, runUrl(workflowId, runId)),
    ...(await askRun(workflowId, () => readPodRun(handle))),
  };
}
