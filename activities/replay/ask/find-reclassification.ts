import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { parsePodWorkflowId, reclassifyWorkflowId } from '../../../domain/names.ts';
import { askTemporal } from './ask-temporal.ts';

export interface FindReclassificationInput {
  readonly client: Client;
  readonly cluster: string;
  readonly podWorkflowId: string;
}

export interface Reclassification {
  /** As Temporal names it: RUNNING, COMPLETED, FAILED … */
  readonly status: string;
  /** The replay that started it; undefined when a person did. */
  readonly replayId: string | undefined;
}

/** The last run of `reclassify` of a pod; undefined when there is none. */
export async function findReclassification(input: FindReclassificationInput): Promise<Reclassification | undefined> {
  const { client, cluster, podWorkflowId } = input;
  const pod = parsePodWorkflowId(cluster, podWorkflowId);
  if (pod === undefined) return undefined;
  const handle = client.workflow.getHandle(reclassifyWorkflowId(cluster, pod.uid));
  try {
    const { status, parentExecution } = await askTemporal(client, () => handle.describe());
    return { status: status.name, replayId: parentExecution?.workflowId ?? undefined };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
