import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { watchWorkflowId } from '../../domain/names.ts';
import type { WatchHeartbeat } from '../../domain/pods/watch/watch-view.ts';

const timeoutSeconds = 60;
const pollMs = 200;
/** `WATCH_SCOPE_NAME` by default. */
const scopeName = 'all';

/**
 * Waits until a worker holds the watch and has read its first list. Pods made earlier would be found, not seen to begin:
 * a watch that starts adopts healthy pods quietly. A holder of before `sinceMs` is one of an earlier demo.
 */
export async function untilWatching(input: {
  readonly client: Client;
  readonly cluster: string;
  readonly sinceMs: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const handle = input.client.workflow.getHandle(watchWorkflowId(input.cluster, scopeName));
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline) {
    const heartbeat = await lastHeartbeat(handle);
    const isOurs = heartbeat?.view != null && Date.parse(heartbeat.view.since) >= input.sinceMs;
    if (isOurs && Object.keys(heartbeat.checkpoint?.sources ?? {}).length > 0) return;
    await sleep(pollMs, undefined, { signal: input.signal });
  }
  throw new Error(`No worker has begun to watch the cluster within ${timeoutSeconds} s.`);
}

/** What the holder of the watch last said; null when nobody holds it, or the watch worker has not started it yet. */
async function lastHeartbeat(handle: WorkflowHandle): Promise<WatchHeartbeat | null> {
  try {
    const { raw } = await handle.describe();
    const payload = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0];
    return payload === undefined ? null : defaultPayloadConverter.fromPayload<WatchHeartbeat>(payload);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
