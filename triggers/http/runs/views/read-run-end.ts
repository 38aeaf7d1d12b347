import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';

/** Why a run ended without success. Its stack traces stay in Temporal. */
export interface RunFailure {
  /** The failure's own type, such as `ClassificationFailed`, else its kind, such as `TerminatedFailure`. */
  readonly type: string;
  readonly message: string;
}

/** How a run ended; both null while it runs, and of one that continued as new. */
export interface RunEnd {
  readonly result: unknown;
  readonly failure: RunFailure | null;
}

type Described = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId' | 'status' | 'closeTime'>;

/** Reads the result or the failure of a closed run; needs no worker. */
export async function readRunEnd(client: Pick<Client, 'workflow'>, run: Described): Promise<RunEnd> {
  const isOver = run.closeTime !== undefined && run.status.name !== 'CONTINUED_AS_NEW';
  if (!isOver) return { result: null, failure: null };
  const handle = client.workflow.getHandle(run.workflowId, run.runId, { followRuns: false });
  try {
    return { result: await handle.result(), failure: null };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { result: null, failure: runFailure(error) };
  }
}

function runFailure(error: WorkflowFailedError): RunFailure {
  let cause = error.cause;
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause !== undefined) {
    cause = cause.cause;
  }
  if (cause === undefined) return { type: error.name, message: error.message };
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return { type: type ?? cause.name, message: cause.message };
}
