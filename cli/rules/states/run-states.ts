import { type Client, QueryNotRegisteredError, type WorkflowExecutionInfo } from '@temporalio/client';
import { classifyBatch } from '../../../domain/pods/classification.ts';
import { ClassificationError } from '../../../domain/pods/classification/classification-error.ts';
import { isObserved } from '../../../domain/pods/pod-change.ts';
import type { FailedClassification } from '../../../domain/pods/run/pod-run.ts';
import { decideVerdict } from '../../../domain/pods/verdict/decide-verdict.ts';
import {
  type PodState,
  podStateQuery,
  type ReclassificationInputs,
  reclassifyInputsQuery,
} from '../../../workflows/pod-lifecycle.messages.ts';
import type { Fault } from '../../classify/read/fault.ts';
import type { JudgedState } from './judged-state.ts';
import type { StateOrFault } from './recorded-states.ts';

/** What a run knows of its pod; `inputs` is undefined when its worker is of a release that doesn't tell. */
export interface AskedRun {
  readonly workflowId: string;
  readonly state: PodState;
  readonly inputs: ReclassificationInputs | undefined;
}

/** Asks a run by queries: nothing about it changes. */
export async function askRun(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>,
): Promise<AskedRun> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const state = await handle.query(podStateQuery);
  const inputs = await handle.query(reclassifyInputsQuery).catch((error: unknown) => {
    if (error instanceof QueryNotRegisteredError) return undefined;
    throw error;
  });
  return { workflowId, state, inputs };
}

/**
 * The states of a run that rules can be tried on, judged before any rule: its kept failures in order, each change as of when
 * it was observed, and the last snapshot as of when the run last judged it. A failure whose input is malformed is a fault:
 * no rule can mend it.
 */
export function statesOfRun(run: AskedRun, clock: () => Date): readonly StateOrFault[] {
  const failures = (run.inputs?.failures ?? []).flatMap((failure, index) => statesOfFailure(run, failure, index + 1));
  const last = lastState(run, clock);
  return last === undefined ? failures : [...failures, { state: last }];
}

function lastState({ workflowId, state, inputs }: AskedRun, clock: () => Date): JudgedState | undefined {
  const { snapshot, pod, gone } = state;
  if (snapshot === null) return undefined;
  const observedAt = inputs?.latest?.observedAt;
  const verdict = decideVerdict({
    snapshot: { ...snapshot, ...inputs?.deletion },
    now: observedAt === undefined ? clock() : new Date(observedAt),
    deleted: gone,
  });
  return { key: pod.uid, pod: nameOf(state), place: workflowId, subject: { snapshot, verdict } };
}

function statesOfFailure(
  { workflowId, state }: AskedRun,
  { previous, deletion, changes }: FailedClassification,
  number: number,
): StateOrFault[] {
  const place = `${workflowId} failure ${number}`;
  try {
    let snapshot = previous;
    const batch = { previous: previous ?? undefined, deletion: deletion ?? undefined, changes, attempt: 1 };
    return classifyBatch(batch).classifications.flatMap(({ verdict }, index) => {
      const change = changes[index];
      if (change !== undefined && isObserved(change)) ({ snapshot } = change);
      if (snapshot === null) return [];
      const where = changes.length === 1 ? place : `${place} change ${index + 1}`;
      return [{ state: { key: state.pod.uid, pod: nameOf(state), place: where, subject: { snapshot, verdict } } }];
    });
  } catch (error) {
    if (!(error instanceof ClassificationError)) throw error;
    const fault: Fault = { source: place, message: error.message };
    return [{ fault }];
  }
}

function nameOf({ pod: { namespace, name } }: PodState): string {
  return `${namespace}/${name}`;
}
