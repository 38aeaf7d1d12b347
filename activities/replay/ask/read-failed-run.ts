import { ApplicationFailure, type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { PodRunSummary } from '../../../domain/pods/run/pod-run-summary.ts';
import type { FailedClassification } from '../../../domain/pods/run/pod-run.ts';
import { askTemporal } from './ask-temporal.ts';

/** What a pod's run left behind when it failed because something could not be classified. */
export interface FailedRun {
  readonly failures: readonly FailedClassification[];
  /** Older inputs the run could not keep: they are lost. */
  readonly dropped: number;
  readonly summary: Pick<PodRunSummary, 'classified' | 'failed'>;
}

export interface ClosedRunReference {
  readonly client: Client;
  readonly workflowId: string;
  readonly runId: string;
}

/** Reads a closed run's failure details. `gone` says why there is nothing to try. */
export async function readFailedRun(reference: ClosedRunReference): Promise<FailedRun | { readonly gone: string }> {
  const { client, workflowId, runId } = reference;
  const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
  try {
    await askTemporal(client, () => handle.result());
    return { gone: 'the run completed: nothing is left to try' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { gone: 'Temporal keeps this run no longer' };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const details = failureDetails(error);
    return (
      details ?? { gone: `the run did not end because of a classification: ${error.cause?.message ?? error.message}` }
    );
  }
}

function failureDetails({ cause }: WorkflowFailedError): FailedRun | { readonly gone: string } | undefined {
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'ClassificationFailed') return undefined;
  const { failures, dropped, summary } = (cause.details?.[0] ?? {}) as {
    readonly [Part in keyof FailedRun]?: unknown;
  };
  if (!Array.isArray(failures) || failures.length === 0) {
    return { gone: 'the run could keep none of the inputs that failed: they were too big' };
  }
  const { classified, failed } = (summary ?? {}) as { readonly classified?: unknown; readonly failed?: unknown };
  return {
    failures: failures as readonly FailedClassification[],
    dropped: wholeOr0(dropped),
    summary: { classified: wholeOr0(classified), failed: wholeOr0(failed) },
  };
}

function wholeOr0(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}
