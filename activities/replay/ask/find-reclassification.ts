import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { parsePodWorkflowId, podWorkflowId as podRunId, reclassifyWorkflowId } from '../../../domain/names.ts';
import { askTemporal } from './ask-temporal.ts';
import { shownText } from './shown-text.ts';

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
  /** The pod run it is for when that is another one: its pod has the same uid. Of one that shows no pod nobody can tell. */
  readonly stranger: string | undefined;
}

/** The last run of `reclassify` of a pod; undefined when there is none. */
export async function findReclassification(input: FindReclassificationInput): Promise<Reclassification | undefined> {
  const { client, cluster, podWorkflowId } = input;
  const pod = parsePodWorkflowId(cluster, podWorkflowId);
  if (pod === undefined) return undefined;
  const handle = client.workflow.getHandle(reclassifyWorkflowId(cluster, pod.uid));
  try {
    const run = await askTemporal(client, () => handle.describe());
    const name = shownText(run, 'pod');
    const isFor = podRunId(cluster, { ...pod, namespace: shownText(run, 'namespace'), name });
    return {
      status: run.status.name,
      replayId: run.parentExecution?.workflowId ?? undefined,
      stranger: name === '' || isFor === podWorkflowId ? undefined : isFor,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** What a replay says of a run whose reclassification can't be made, because another pod's has its id. */
export function sayStranger(stranger: string): string {
  return `the pods of this run and of ${stranger} have the same uid; only one of them can be tried after its end`;
}
