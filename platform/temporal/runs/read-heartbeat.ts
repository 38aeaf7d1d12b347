import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { WatchHeartbeat, WatchView } from '../../../domain/pods/watch/watch-view.ts';

type PendingActivities = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>;

/** The live part of a watch's status: what its holder said in the last heartbeat; null when nobody holds it. */
export function readHeartbeat(pending: PendingActivities): WatchView | null {
  const payload = pending[0]?.heartbeatDetails?.payloads?.[0];
  if (payload === undefined) return null;
  return defaultPayloadConverter.fromPayload<WatchHeartbeat>(payload).view;
}
