import {
  WithStartWorkflowOperation,
  type WorkflowClient,
  WorkflowIdConflictPolicy,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Logger } from '../../platform/logger.ts';
import {
  type Reconfiguration,
  reconfigureUpdate,
  type WatchConfiguration,
  type WatchPodsInput,
  watchPodsType,
} from '../../workflows/watch-pods.messages.ts';
import { retryUntil } from './dispatch/retry-until.ts';
import { configurationHash } from './watch-configuration.ts';
import { watchRunStart } from './watch-run-start.ts';

export interface EnsureWatchOptions {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  readonly configuration: WatchConfiguration;
  readonly revision: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly historyLimit?: number;
}

/**
 * Starts the watch run, or gives the running one this configuration. A newer configuration that is already in force
 * stays (this process then serves it as a standby). Goes on until Temporal and a pod worker have answered.
 */
export async function ensureWatch(options: EnsureWatchOptions): Promise<void> {
  const { logger, signal, revision } = options;
  const configHash = configurationHash(options.configuration);
  const result = await retryUntil(() => updateWithStart(options, configHash), {
    signal,
    firstDelayMs: 500,
    onError: (error) => logger.warn({ err: error }, 'the watch run did not answer yet (is a pod worker running?)'),
  });
  if (result === undefined) return;
  if ('refused' in result)
    logger.warn({ ...result, revision, configHash }, 'the running watch refused this configuration');
  else logger.info({ ...result, revision, configHash }, 'watch configured');
}

async function updateWithStart(options: EnsureWatchOptions, configHash: string): Promise<object> {
  const { workflow, cluster, configuration, revision, historyLimit } = options;
  const input: WatchPodsInput = {
    cluster,
    configuration,
    configHash,
    revision,
    ...(historyLimit === undefined ? {} : { historyLimit }),
  };
  const reconfiguration: Reconfiguration = { configuration, configHash, revision };
  const { scopeName } = configuration.scope;
  try {
    return await workflow.executeUpdateWithStart(reconfigureUpdate, {
      args: [reconfiguration],
      startWorkflowOperation: new WithStartWorkflowOperation(watchPodsType, {
        ...watchRunStart(cluster, scopeName),
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        args: [input],
      }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    // Refused by the run's validator: a newer revision is in force, or the scope is not valid. Asking again won't help.
    return { refused: error.cause?.message ?? error.message };
  }
}
