import type { WorkflowClient } from '@temporalio/client';
import { parsePodWorkflowId } from '../../domain/names.ts';
import { searchAttributes } from '../../domain/search-attributes.ts';
import type { KnownPod, KnownPodsStore } from '../../platform/redis/known-pods.ts';
import { podLifecycleType } from '../../workflows/pod-lifecycle.messages.ts';

export interface LoadedPods {
  /** By uid. */
  readonly pods: Map<string, KnownPod>;
  /** False when Redis had no (complete) list, so that the running runs are all there is to go by. */
  readonly fromRedis: boolean;
}

/** The pods a watch knew when it last ran: from Redis, or from the running pod runs where Redis has lost them. */
export async function loadKnownPods(options: {
  readonly store: Pick<KnownPodsStore, 'load'>;
  readonly workflow: Pick<WorkflowClient, 'list'>;
  readonly cluster: string;
  /** Exact namespaces of the scope; empty means all. */
  readonly namespaces: readonly string[];
}): Promise<LoadedPods> {
  const loaded = await options.store.load();
  if (loaded.ok && loaded.value.complete) return { pods: new Map(loaded.value.pods), fromRedis: true };
  // What an incomplete list has is still true; only what it lacks proves nothing.
  const pods = new Map<string, KnownPod>(loaded.ok ? loaded.value.pods : []);
  const query = `WorkflowType = '${podLifecycleType}' AND ExecutionStatus = 'Running' AND ${searchAttributes.cluster.name} = '${options.cluster}'`;
  for await (const { workflowId } of options.workflow.list({ query })) {
    const pod = parsePodWorkflowId(options.cluster, workflowId);
    if (pod === undefined) continue;
    if (options.namespaces.length > 0 && !options.namespaces.includes(pod.namespace)) continue;
    if (!pods.has(pod.uid)) pods.set(pod.uid, { namespace: pod.namespace, name: pod.name, version: '', hasRun: true });
  }
  return { pods, fromRedis: false };
}
