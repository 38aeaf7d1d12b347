import type { WorkflowClient } from '@temporalio/client';
import type { Config } from '../../platform/config.ts';
import { createDispatcher } from '../../triggers/pod-watch/dispatch/dispatcher.ts';
import { createSendPodChanges } from '../../triggers/pod-changes/send-pod-changes.ts';
import type { PodLife } from './lives.ts';

export interface OurWay {
  /** Resolves when Temporal has accepted every change of the life. `between` runs after each of its batches. */
  live(life: PodLife, between?: (changesSent: number) => Promise<void>): Promise<void>;
  signals(): number;
}

/** The dispatcher and the sender of the watch worker. Throws when a signal is not accepted at once. */
export function createOurWay({
  workflow,
  cluster,
  config,
}: {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  readonly config: Config;
}): OurWay {
  const send = createSendPodChanges({ workflow, cluster, runSettings: config.pods });
  const refused = Promise.withResolvers<never>();
  // Heard by whoever waits for a life; without one there is nobody to tell.
  refused.promise.catch(() => undefined);
  let signals = 0;
  const dispatcher = createDispatcher({
    coalesceMs: config.watch.coalesceMs,
    concurrency: config.watch.dispatchConcurrency,
    async send(pod, changes) {
      try {
        const { outcome } = await send(pod, { changes, epoch: 0 });
        if (outcome !== 'accepted') throw new Error(`A signal to the run of ${pod.name} was answered "${outcome}".`);
        signals += 1;
        return true;
      } catch (error) {
        refused.reject(error);
        return false;
      }
    },
  });
  return {
    signals: () => signals,
    async live({ pod, phases }, between) {
      let sent = 0;
      for (const changes of phases) {
        const accepted = new Promise<void>((resolve) => {
          changes.forEach((change, index) => {
            // The last one sends the batch; waiting for the coalescing window would measure only that.
            const isLast = index === changes.length - 1;
            const onAccepted = isLast ? resolve : () => undefined;
            dispatcher.push({ pod, change, urgent: isLast, accepted: onAccepted });
          });
        });
        await Promise.race([accepted, refused.promise]);
        sent += changes.length;
        await between?.(sent);
      }
    },
  };
}
