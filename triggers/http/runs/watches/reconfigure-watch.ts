import { ApplicationFailure, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import {
  type ReconfigureResult,
  reconfigureUpdate,
  type WatchStatus,
  watchStatusQuery,
} from '../../../../workflows/watch-pods.messages.ts';
import { configurationHash } from '../../../pod-watch/watch-configuration.ts';
import type { HttpDependencies } from '../../http-app.ts';
import { faultProblem } from '../../problems/fault-problem.ts';
import { Problem } from '../../problems/problem.ts';
import { askRun } from '../ask-run.ts';
import { type ConfigurationChanges, mergeConfiguration, scopeRequestFaults } from './merge-configuration.ts';
import { findWatch } from './read-watches.ts';

export interface WatchChange {
  readonly scope: string;
  readonly changes: ConfigurationChanges;
  /** The one in force when left out. */
  readonly revision?: number;
}

/** Somebody else's change came between reading and writing that often in a row: it is given up. */
const maxAttempts = 4;

/**
 * Gives a running or paused watch another configuration. What others change at the same time stays: the run refuses a
 * configuration that was not made from the one in force, and then it is made anew. Throws Problems: `stale_revision` when a newer one is in force,
 * `invalid_scope` with the fields, `no_worker` when its run gets no answer, `not_found` as `findWatch`.
 */
export async function reconfigureWatch(
  dependencies: Pick<HttpDependencies, 'client' | 'cluster' | 'runUrl'>,
  { scope, changes, revision }: WatchChange,
): Promise<ReconfigureResult> {
  const { workflowId } = (await findWatch(dependencies, scope)).description;
  const handle = dependencies.client.workflow.getHandle(workflowId);
  for (let attempt = 1; ; attempt += 1) {
    const inForce = await askRun(workflowId, () => handle.query(watchStatusQuery));
    const wanted = revision ?? inForce.revision;
    try {
      return await send(handle, { changes, inForce, revision: wanted });
    } catch (error) {
      const isOvertaken = error instanceof Problem && error.code === 'stale_revision' && wanted >= inForce.revision;
      if (!isOvertaken || attempt === maxAttempts) throw error;
    }
  }
}

interface Change {
  readonly changes: ConfigurationChanges;
  readonly inForce: WatchStatus;
  readonly revision: number;
}

async function send(handle: WorkflowHandle, { changes, inForce, revision }: Change): Promise<ReconfigureResult> {
  const configuration = mergeConfiguration(inForce.configuration, changes);
  const faults = scopeRequestFaults(configuration.scope, inForce.configuration.scope);
  if (faults.length > 0) throw faultProblem('invalid_scope', faults);
  const reconfiguration = {
    configuration,
    configHash: configurationHash(configuration),
    revision,
    expectedHash: inForce.configHash,
  };
  try {
    return await askRun(handle.workflowId, () => handle.executeUpdate(reconfigureUpdate, { args: [reconfiguration] }));
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

/** The run's own no, as it gives it to anyone who sends the update. */
function refusal(error: unknown): Problem | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  if (type !== 'stale_revision' && type !== 'invalid_scope') return undefined;
  return new Problem(type, { detail: message, cause: error });
}
