import type { PodChange } from '../../../domain/pods/pod-change.ts';
import type { PodIdentity } from '../../../domain/names.ts';
import type { Lane } from './dispatcher.ts';
import { createSendPodChanges } from '../../pod-changes/send-pod-changes.ts';
import type { OpenWatchOptions } from '../watch-dependencies.ts';
import { retryUntil } from './retry-until.ts';

export interface PersistentSend {
  /** True once Temporal has the batch; false when the watch ended first. */
  readonly send: (pod: PodIdentity, changes: readonly PodChange[], lane: Lane) => Promise<boolean>;
  counts(): { readonly accepted: number; readonly late: number };
}

/** Sends batches to pod runs until they are accepted, whatever happens to Temporal meanwhile. */
export function createPersistentSend(
  options: Pick<OpenWatchOptions, 'workflow' | 'input' | 'metrics' | 'logger'> & {
    readonly epoch: { readonly current: number };
    readonly signal: AbortSignal;
  },
): PersistentSend {
  const { workflow, input, metrics, logger, epoch, signal } = options;
  const { classificationTimeoutMs, failedRetentionSeconds, idleCheckSeconds } = input.configuration;
  const runSettings = { classificationTimeoutMs, failedRetentionSeconds, idleCheckSeconds };
  const sendOnce = createSendPodChanges({ workflow, cluster: input.cluster, runSettings });
  const counts = { accepted: 0, late: 0 };
  return {
    counts: () => ({ ...counts }),
    async send(pod, changes, lane) {
      const result = await retryUntil(() => sendOnce(pod, { changes, epoch: epoch.current }), {
        signal,
        onError: (error, failures) => {
          metrics.dispatches.inc({ lane, result: 'error' });
          if (failures % 10 === 1)
            logger.warn({ err: error, pod, failures }, 'Temporal did not take a change, trying again');
        },
      });
      if (result === undefined) return false;
      const { outcome } = result;
      metrics.dispatches.inc({ lane, result: outcome });
      const readMs = Date.parse(changes[0]?.observedAt ?? '');
      metrics.dispatchSeconds.observe(Math.max(0, (Date.now() - readMs) / 1000));
      counts.accepted += changes.length;
      if (outcome === 'late') {
        counts.late += changes.length;
        metrics.changesLate.inc(changes.length);
      }
      return true;
    },
  };
}
