import type { WorkflowClient } from '@temporalio/client';
import { type PodIdentity, parsePodWorkflowId } from '../../../domain/names.ts';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';

export interface RunningPodsQuery {
  readonly workflow: Pick<WorkflowClient, 'list'>;
  readonly cluster: string;
  /** Exact namespaces; empty means all. */
  readonly namespaces: readonly string[];
}

/** The pods whose runs are open, by visibility: it lags behind by a moment. */
export async function* listRunningPods({
  workflow,
  cluster,
  namespaces,
}: RunningPodsQuery): AsyncGenerator<PodIdentity> {
  const query = `WorkflowType = '${podLifecycleType}' AND ExecutionStatus = 'Running' AND ${searchAttributes.cluster.name} = '${cluster}'`;
  for await (const { workflowId } of workflow.list({ query })) {
    const pod = parsePodWorkflowId(cluster, workflowId);
    if (pod === undefined) continue;
    if (namespaces.length === 0 || namespaces.includes(pod.namespace)) yield pod;
  }
}
