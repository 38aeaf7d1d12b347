import {
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import { isObserved } from '../../../domain/pods/pod-change.ts';
import { podStartAttributes } from '../../../domain/pods/run/pod-run-attributes.ts';
import { podSummaryLine } from '../../../domain/pods/run/pod-run-details.ts';
import { searchAttributePairs } from '../../../domain/search-attributes.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import {
  type PodChangeBatch,
  podChangesSignal,
  type PodLifecycleInput,
  podLifecycleType,
} from '../../../workflows/pod-lifecycle.messages.ts';

export interface SendPodChangesOptions {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  readonly runSettings: Pick<
    PodLifecycleInput,
    'classificationTimeoutMs' | 'failedRetentionSeconds' | 'idleCheckSeconds'
  >;
}

/** `late`: the pod's run has already ended. `no-run`: an inferred delete of a pod that never had one. */
type SendResult = 'accepted' | 'late' | 'no-run';

export type SendPodChanges = (pod: PodIdentity, batch: PodChangeBatch) => Promise<SendResult>;

/**
 * Hands a batch to the pod's run, which it starts when there is none. REJECT_DUPLICATE: a late change must not open a
 * second run for a dead pod. A batch without any object (inferred delete, left scope) never starts a run.
 * Throws what the Temporal client throws when the server can't be reached.
 */
export function createSendPodChanges({ workflow, cluster, runSettings }: SendPodChangesOptions): SendPodChanges {
  return async (pod, batch) => {
    const workflowId = podWorkflowId(cluster, pod);
    const first = batch.changes.find(isObserved);
    try {
      if (first === undefined) {
        await workflow.getHandle(workflowId).signal(podChangesSignal, batch);
        return 'accepted';
      }
      await workflow.signalWithStart(podLifecycleType, {
        workflowId,
        taskQueue: taskQueues.pods,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        args: [{ cluster, pod, ...runSettings } satisfies PodLifecycleInput],
        signal: podChangesSignal,
        signalArgs: [batch],
        staticSummary: podSummaryLine(first.snapshot),
        typedSearchAttributes: searchAttributePairs(podStartAttributes({ cluster, change: first })),
      });
      return 'accepted';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'late';
      if (error instanceof WorkflowNotFoundError && first === undefined) return 'no-run';
      throw error;
    }
  };
}
