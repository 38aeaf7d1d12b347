import type { WorkflowExecutionInfo } from '@temporalio/client';
import { podLifecycleType } from '../../workflows/pod-lifecycle.messages.ts';
import { quoted, visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';
import type { TemporalTarget } from '../temporal-target.ts';

/** By id, or the runs of all pods that ever had a name (`<namespace>/<pod>`); the latest first, at most 20. */
export async function findRuns({ client }: TemporalTarget, run: string): Promise<WorkflowExecutionInfo[]> {
  const [namespace, pod, ...rest] = run.split('/');
  const query =
    pod !== undefined && rest.length === 0
      ? visibilityQuery({ type: podLifecycleType, namespace: namespace ?? '', pod })
      : `WorkflowId = ${quoted(run)}`;
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query, pageSize: 20 })) if (found.push(info) === 20) break;
  return found;
}
