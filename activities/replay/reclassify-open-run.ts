import { ApplicationFailure, type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { replayWorkflowId } from '../../domain/names.ts';
import { lostAnswer } from '../../domain/replay/lost-answer.ts';
import { type ClosedMeanwhile, endsFromOutside, type TryAnswer } from '../../domain/replay/replay.ts';
import { podLifecycleType, reclassifyUpdate } from '../../workflows/pod-lifecycle.messages.ts';
import { failure } from '../failure.ts';
import { askTemporal } from './ask/ask-temporal.ts';
import { shownText } from './ask/shown-text.ts';
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

/** The run took the update and closed, or continued as new, before it was done with it. */
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
  const run = await describeRun({ client, workflowId });
  if (run === undefined) return { kind: 'gone', reason: 'Temporal keeps this run no longer' };
  const { type, status, runId } = run;
  if (status.name === 'COMPLETED') return { kind: 'gone', reason: 'the run completed: nothing is left to try' };
  if (status.name === 'FAILED' && type === podLifecycleType) return { kind: 'closed', runId };
  const end = endsFromOutside.find((name) => name === status.name);
  if (end !== undefined && shownText(run, 'state') === 'classification-failed') return lostAnswer(end);
  const said = status.name.toLowerCase().replace('_', ' ');
  if (end !== undefined || status.name === 'FAILED') return { kind: 'gone', reason: `the run ended as ${said}` };
  // It continued as new meanwhile: its next run takes the update.
  throw failure('temporal_unavailable', `the run took no update; it is ${said}`);
}

async function describeRun({ client, workflowId }: { readonly client: Client; readonly workflowId: string }) {
  try {
    return await askTemporal(client, () => client.workflow.getHandle(workflowId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
