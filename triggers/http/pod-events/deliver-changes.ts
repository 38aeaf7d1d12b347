import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import type { PodChange } from '../../../domain/pods/pod-change.ts';
import { createSendPodChanges } from '../../pod-changes/send-pod-changes.ts';
import type { HttpDependencies } from '../http-app.ts';

export interface PodDelivery {
  readonly pod: PodIdentity;
  /** In order; what fits into one signal. */
  readonly changes: readonly PodChange[];
  /** Milliseconds since 1970; past it the delivery fails. */
  readonly deadlineMs: number;
}

/** `late`: the pod's run has ended; the ids are those of the ended run. */
export interface Delivery {
  readonly outcome: 'accepted' | 'late';
  readonly workflowId: string;
  readonly runId: string;
}

/** Resolves once Temporal has the changes; throws what the Temporal client throws. */
export type DeliverChanges = (delivery: PodDelivery) => Promise<Delivery>;

/** Delivers to real runs. Repeating a delivery is safe: a run drops what it has seen. */
export function createDeliverChanges({
  cluster,
  client,
  runSettings,
}: Pick<HttpDependencies, 'cluster' | 'client' | 'runSettings'>): DeliverChanges {
  const { workflow, connection } = client;
  const send = createSendPodChanges({ workflow, cluster, runSettings });
  return async ({ pod, changes, deadlineMs }) =>
    await connection.withDeadline(deadlineMs, async () => {
      const workflowId = podWorkflowId(cluster, pod);
      // A webhook knows of no restored etcd: its changes belong to whatever epoch the run is in.
      const { outcome, runId } = await send(pod, { changes, epoch: 0 });
      if (outcome === 'accepted' && runId !== undefined) return { outcome, workflowId, runId };
      // The server names the ended run in no answer that the SDK hands on.
      const description = await workflow.getHandle(workflowId).describe();
      return { outcome: 'late', workflowId, runId: description.runId };
    });
}
