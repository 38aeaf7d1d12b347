import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { replayWorkflowId } from '../../domain/names.ts';
import type { ReclassifyResult } from '../../domain/pods/run/reclassification.ts';
import { askTemporal } from './ask/ask-temporal.ts';
import { findReclassification } from './ask/find-reclassification.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

export interface FindEarlierTryInput {
  readonly cluster: string;
  readonly requestId: string;
  readonly workflowId: string;
}

/** The result is null where it isn't known. */
export type EarlierTry =
  { readonly kind: 'none' } | { readonly kind: 'tried'; readonly result: ReclassifyResult | null };

/**
 * Whether this replay has tried a run already. One that closes while a replay goes on moves to a later page of the list and
 * is met again; Temporal itself knows what was done, however long ago and by which worker.
 */
export function createFindEarlierTry({ client, cluster }: { readonly client: Client; readonly cluster: string }) {
  return async function findEarlierTry(input: FindEarlierTryInput): Promise<EarlierTry> {
    refuseForeignCluster({ asked: input.cluster, served: cluster });
    const replayId = replayWorkflowId(cluster, input.requestId);
    const child = await findReclassification({ client, cluster, podWorkflowId: input.workflowId });
    if (child?.replayId === replayId && child.stranger === undefined) return { kind: 'tried', result: null };
    try {
      const update = client.workflow.getHandle(input.workflowId).getUpdateHandle<ReclassifyResult>(replayId);
      return { kind: 'tried', result: await askTemporal(client, () => update.result()) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { kind: 'none' };
      if (error instanceof WorkflowUpdateFailedError) return { kind: 'tried', result: null };
      throw error;
    }
  };
}
