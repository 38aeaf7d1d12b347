import { ApplicationFailure, type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { replayWorkflowId } from '../../domain/names.ts';
import type { ClosedMeanwhile, TryAnswer } from '../../domain/replay/replay.ts';
import { podLifecycleType, reclassifyUpdate } from '../../workflows/pod-lifecycle.messages.ts';
import { askTemporal } from './ask/ask-temporal.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

export interface ReclassifyOpenInput {
  readonly cluster: string;
  readonly workflowId: string;
  readonly requestId: string;
  readonly reason: string;
}

/**
 * Has an open run try again what it could not classify. The id of the update is that of the replay, so a second attempt gets
 * the first one's result: nothing is tried twice.
 */
export function createReclassifyOpenRun({ client, cluster }: { readonly client: Client; readonly cluster: string }) {
  return async function reclassifyOpenRun(input: ReclassifyOpenInput): Promise<TryAnswer | ClosedMeanwhile> {
    const { requestId, reason, workflowId } = input;
    refuseForeignCluster({ asked: input.cluster, served: cluster });
    const handle = client.workflow.getHandle(workflowId);
    const updateId = replayWorkflowId(cluster, requestId);
    try {
      const result = await askTemporal(client, () =>
        handle.executeUpdate(reclassifyUpdate, { args: [{ requestId, reason }], updateId }),
      );
      return { kind: 'tried', result };
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && !closedMeanwhile(error)) {
        return { kind: 'refused', reason: error.cause?.message ?? error.message };
      }
      if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) {
        return await describeClosed({ client, workflowId });
      }
      throw error;
    }
  };
}

/** The run took the update and closed before it was done with it. */
function closedMeanwhile({ cause }: WorkflowUpdateFailedError): boolean {
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

/** Why a run takes no update: it closed since it was listed, or it isn't kept any longer. */
async function describeClosed({
  client,
  workflowId,
}: {
  readonly client: Client;
  readonly workflowId: string;
}): Promise<TryAnswer | ClosedMeanwhile> {
  const gone = { kind: 'gone', reason: 'the run ended: nothing is left to try' } as const;
  try {
    const { type, status, runId } = await askTemporal(client, () => client.workflow.getHandle(workflowId).describe());
    return status.name === 'FAILED' && type === podLifecycleType ? { kind: 'closed', runId } : gone;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return gone;
    throw error;
  }
}
