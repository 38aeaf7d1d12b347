import {
  type WorkflowExecutionDescription,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { HttpDependencies } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import type { WorkflowPlan } from './public-workflow.ts';

/** What makes a request the same one when it comes again. */
export interface RequestMark {
  /** The Idempotency-Key, or a random one. */
  readonly key: string;
  readonly bodyHash: string;
}

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** False when an earlier request with this key and body started it. */
  readonly started: boolean;
}

/** A run that is there when we start and gone when we look has just reached the end of its retention. */
const maxAttempts = 3;

/**
 * Starts a run, or finds the one that the same request started before, in whatever process. Closed runs count as long as
 * Temporal keeps them. Throws a Problem `idempotency_conflict` when the key came with another body, `already_exists` when
 * another request holds the id.
 */
export async function startOnce(
  { client }: Pick<HttpDependencies, 'client'>,
  plan: WorkflowPlan,
  mark: RequestMark,
): Promise<StartedRun> {
  let reuse: WorkflowIdReusePolicy = WorkflowIdReusePolicy.REJECT_DUPLICATE;
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const runId = await tryStart(client, { plan, mark, reuse });
    if (runId !== undefined) return { workflowId: plan.workflowId, runId, started: true };
    const existing = await describe(client, plan.workflowId);
    if (existing === undefined) continue;
    const holder = markOf(existing);
    if (holder.key === mark.key) {
      if (holder.bodyHash !== mark.bodyHash) throw new Problem('idempotency_conflict');
      return { workflowId: plan.workflowId, runId: firstRunId(existing), started: false };
    }
    if (plan.again !== 'after-close' || existing.status.name === 'RUNNING') throw alreadyExists(existing);
    reuse = WorkflowIdReusePolicy.ALLOW_DUPLICATE;
  }
  throw new Problem('temporal_unavailable', { detail: `Temporal gave no clear answer about ${plan.workflowId}.` });
}

interface Attempt {
  readonly plan: WorkflowPlan;
  readonly mark: RequestMark;
  readonly reuse: WorkflowIdReusePolicy;
}

/** The run's id; undefined when the workflow id is taken. */
async function tryStart(
  { workflow }: HttpDependencies['client'],
  { plan, mark, reuse }: Attempt,
): Promise<string | undefined> {
  const { workflowType, input, workflowId, taskQueue, staticSummary, typedSearchAttributes } = plan;
  try {
    // A repeated RPC carries the same requestId, so the server starts one run for it.
    const handle = await workflow.start(workflowType, {
      workflowId,
      taskQueue,
      staticSummary,
      typedSearchAttributes: [...typedSearchAttributes],
      workflowIdReusePolicy: reuse,
      args: [input],
      memo: { ...mark },
    });
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

async function describe(
  { workflow }: HttpDependencies['client'],
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Undefined parts for a run that something else than this API started. */
function markOf({ memo }: WorkflowExecutionDescription): { readonly key?: unknown; readonly bodyHash?: unknown } {
  return memo ?? {};
}

/** A run that continued as new is still the one that was started. */
function firstRunId({ raw, runId }: WorkflowExecutionDescription): string {
  const first = raw.workflowExecutionInfo?.firstRunId ?? '';
  return first === '' ? runId : first;
}

function alreadyExists({ workflowId, status }: WorkflowExecutionDescription): Problem {
  const state = status.name === 'RUNNING' ? 'is running' : 'has ended and is still kept';
  return new Problem('already_exists', { detail: `The run ${workflowId} ${state}; another request started it.` });
}
