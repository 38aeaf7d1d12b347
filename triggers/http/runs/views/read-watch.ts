import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import type { WatchView } from '../../../../domain/pods/watch/watch-view.ts';
import { readHeartbeat } from '../../../../platform/temporal/runs/read-heartbeat.ts';
import { type WatchStatus, watchStatusQuery } from '../../../../workflows/watch-pods.messages.ts';

/** What a watch's run knows, and what its holder said last. */
export interface WatchStanding extends WatchStatus {
  /** Null while nobody holds the watch. */
  readonly live: WatchView | null;
}

/** Asks the run of a watch, open or closed; a pod worker has to answer. */
export async function readWatch(
  handle: Pick<WorkflowHandle, 'query'>,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<WatchStanding> {
  return { ...(await handle.query(watchStatusQuery)), live: readHeartbeat(raw.pendingActivities ?? []) };
}
