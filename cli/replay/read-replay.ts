import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { ReplayProgress } from '../../domain/replay/replay.ts';
import { replayClassificationsType, replayProgressQuery } from '../../workflows/replay-classifications.messages.ts';

/** A replay as it is now. */
export interface ReadReplay {
  readonly runId: string;
  readonly open: boolean;
  /** `no-worker`: nobody answers for the run at present. */
  readonly progress: ReplayProgress | 'no-worker';
}

const answerSeconds = 5;
/** gRPC codes of a query that no worker takes: cancelled or late when it waited for one, refused when there has been none lately. */
const unanswered: readonly number[] = [1, 4, 9];

/**
 * Asks a replay how far it is; one that completed says so itself, without a worker. Throws when there is no such replay, and
 * when it failed or was ended from outside.
 */
export async function readReplay(options: {
  readonly client: Client;
  readonly workflowId: string;
}): Promise<ReadReplay> {
  const { client, workflowId } = options;
  const handle = client.workflow.getHandle(workflowId);
  const { type, status, runId } = await handle.describe();
  if (type !== replayClassificationsType) throw new Error(`"${workflowId}" is a ${type}, not a replay.`);
  const open = status.name === 'RUNNING';
  if (status.name === 'COMPLETED') return { runId, open, progress: (await handle.result()) as ReplayProgress };
  if (!open && status.name !== 'CANCELLED') {
    const reason: unknown = await handle.result().catch((error: unknown) => error);
    throw new Error(`The replay ${workflowId} ended as ${status.name.toLowerCase()}: ${rootMessage(reason)}`);
  }
  try {
    const progress = await client.withDeadline(Date.now() + answerSeconds * 1000, () =>
      handle.query(replayProgressQuery),
    );
    return { runId, open, progress };
  } catch (error) {
    const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
    if (!isGrpcServiceError(cause) || !unanswered.includes(cause.code)) throw error;
    return { runId, open, progress: 'no-worker' };
  }
}

function rootMessage(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root instanceof Error ? root.message : String(root);
}
