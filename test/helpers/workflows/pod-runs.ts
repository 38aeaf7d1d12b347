import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import type { PodChange } from '../../../domain/pods/pod-change.ts';
import { type SearchAttributeValues, searchAttributePairs } from '../../../domain/search-attributes.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import {
  podChangesSignal,
  type PodLifecycleInput,
  podLifecycleType,
  podStateQuery,
  podTimelineQuery,
} from '../../../workflows/pod-lifecycle.messages.ts';
import type { podLifecycle } from '../../../workflows/pod-lifecycle.ts';
import type { WorkflowServers } from './workflow-servers.ts';

export type PodRunHandle = WorkflowHandleWithSignaledRunId<typeof podLifecycle>;

/** A pod no other test has; its name is its own too. */
export function freshPod(): PodIdentity {
  const uid = randomUUID();
  return { namespace: 'shop', name: `web-${uid.slice(0, 8)}`, uid };
}

/** What a run is started with in tests: nothing takes long, nothing happens by itself. */
export const quickSettings = {
  cluster: 'test',
  classificationTimeoutMs: 2000,
  failedRetentionSeconds: 1,
  idleCheckSeconds: 3600,
} satisfies Partial<PodLifecycleInput>;

export interface StartPodRun {
  readonly pod: PodIdentity;
  readonly changes: readonly PodChange[];
  readonly epoch?: number;
  readonly settings?: Partial<PodLifecycleInput>;
  /** Search attributes; none unless a test finds its run by them. */
  readonly shown?: SearchAttributeValues;
}

/** Starts a pod's run with its first batch, as the watch does. */
export async function startPodRun(
  { client }: Pick<WorkflowServers, 'client'>,
  { pod, changes, epoch = 0, settings, shown = {} }: StartPodRun,
): Promise<PodRunHandle> {
  return await client.workflow.signalWithStart<typeof podLifecycle, [{ changes: readonly PodChange[]; epoch: number }]>(
    podLifecycleType,
    {
      workflowId: podWorkflowId(quickSettings.cluster, pod),
      taskQueue: taskQueues.pods,
      args: [{ ...quickSettings, pod, ...settings }],
      signal: podChangesSignal,
      signalArgs: [{ changes, epoch }],
      typedSearchAttributes: searchAttributePairs(shown),
      staticSummary: `Pod ${pod.name}`,
    },
  );
}

export async function sendChanges(handle: PodRunHandle, changes: readonly PodChange[], epoch = 0): Promise<void> {
  await handle.signal(podChangesSignal, { changes, epoch });
}

/** Waits until the run has classified (or failed) this many changes. */
export async function untilTaken(handle: PodRunHandle, count: number) {
  for (;;) {
    const state = await handle.query(podStateQuery);
    if (state.classified + state.failed >= count) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The versions in the run's timeline, oldest first. */
export async function timelineVersions(handle: PodRunHandle): Promise<string[]> {
  return (await handle.query(podTimelineQuery)).entries.map(({ version }) => version);
}
