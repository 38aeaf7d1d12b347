import {
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setWorkflowOptions,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { ReplayActivities } from '../activities/replay/index.ts';
import { type ReclassifiedPod, closedResult } from '../domain/replay/reclassify-closed.ts';
import { renderReclassified } from '../domain/replay/details/reclassified-details.ts';
import { searchAttributePairs } from '../domain/search-attributes.ts';
import { pinnedWhenVersioned } from './replay/pinned-when-versioned.ts';
import type { ReclassifyClosedInput } from './reclassify.messages.ts';

setWorkflowOptions(pinnedWhenVersioned, reclassify);
/**
 * Classifies what a closed pod run left in its failure, with the rules in force now. Completes when all of it could be
 * classified, and only then: a later replay tries again what failed (`classification_failed`), never what completed.
 * Fails with `not_found` when the run left nothing, and with `invalid_input`.
 */
export async function reclassify(input: ReclassifyClosedInput): Promise<ReclassifiedPod> {
  const { cluster, workflowId, runId } = inputOf(input);
  setCurrentDetails(`Trying again what \`${workflowId}\` could not classify.`);
  const { reclassifyClosedRun } = proxyActivities<ReplayActivities>({
    startToCloseTimeout: '30s',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: 5 },
  });
  const pod = await reclassifyClosedRun({ cluster, workflowId, runId }).catch((error: unknown) => {
    if (error instanceof TemporalFailure) showState(isCancellation(error) ? 'cancelled' : 'error');
    throw error;
  });
  setCurrentDetails(renderReclassified(workflowId, pod));
  showState(pod.outcome);
  if (pod.outcome !== 'still-failing') return pod;
  throw ApplicationFailure.create({
    type: 'classification_failed',
    message: `${pod.failing} changes still can't be classified: ${pod.reason ?? 'unknown reason'}`,
    nonRetryable: true,
    details: [closedResult(pod)],
  });
}

function showState(state: ReclassifiedPod['outcome'] | 'cancelled' | 'error'): void {
  upsertSearchAttributes(searchAttributePairs({ state }));
}

/** Anyone may start a run by hand; without this check a wrong input would fail the run's task for ever. */
function inputOf(input: unknown): ReclassifyClosedInput {
  const fields = (input ?? {}) as Readonly<Partial<Record<string, unknown>>>;
  const wrong = ['cluster', 'workflowId', 'runId'].filter((name) => typeof fields[name] !== 'string' || !fields[name]);
  if (wrong.length === 0) return input as ReclassifyClosedInput;
  throw ApplicationFailure.nonRetryable(`These must be texts: ${wrong.join(', ')}`, 'invalid_input');
}
