import {
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../domain/names.ts';
import { isObserved } from '../../domain/pods/pod-change.ts';
import { type PodChangeBatch, podChangesSignal, podLifecycleType } from '../../workflows/pod-lifecycle.messages.ts';
import { podRunStart, type PodRunSettings } from './pod-run-start.ts';

export interface SendPodChangesOptions {
  readonly workflow: WorkflowClient;
  readonly cluster: string;
  readonly runSettings: PodRunSettings;
}

export interface SendResult {
  /** `late`: the pod's run has already ended. `no-run`: a batch without any object, of a pod that has no run. */
  readonly outcome: 'accepted' | 'late' | 'no-run';
  /** Of the run that has the batch now; only where the batch could start one. */
  readonly runId?: string;
}

export type SendPodChanges = (pod: PodIdentity, batch: PodChangeBatch) => Promise<SendResult>;

/**
 * Hands a batch to the pod's run, which it starts when there is none. REJECT_DUPLICATE: a late change must not open a
 * second run for a dead pod. A batch without any object (inferred delete, left scope) never starts a run.
 * Throws what the Temporal client throws when the server can't be reached.
 */
export function createSendPodChanges({ workflow, cluster, runSettings }: SendPodChangesOptions): SendPodChanges {
  return async (pod, batch) => {
    const first = batch.changes.find(isObserved);
    try {
      if (first === undefined) {
        await workflow.getHandle(podWorkflowId(cluster, pod)).signal(podChangesSignal, batch);
        return { outcome: 'accepted' };
      }
      const { input, ...start } = podRunStart({ cluster, pod, runSettings, first });
      const { signaledRunId } = await workflow.signalWithStart(podLifecycleType, {
        ...start,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        args: [input],
        signal: podChangesSignal,
        signalArgs: [batch],
      });
      return { outcome: 'accepted', runId: signaledRunId };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return { outcome: 'late' };
      if (error instanceof WorkflowNotFoundError && first === undefined) return { outcome: 'no-run' };
      throw error;
    }
  };
}
