import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import type { PodChange } from '../../../domain/pods/pod-change.ts';
import type { ReplayProgress } from '../../../domain/replay/replay.ts';
import { podStartAttributes } from '../../../domain/pods/run/pod-run-attributes.ts';
import { searchAttributePairs } from '../../../domain/search-attributes.ts';
import { taskQueues } from '../../../domain/task-queues.ts';
import { visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { startReplay, type StartReplayOptions } from '../../../triggers/replay/start-replay.ts';
import { podChangesSignal, podLifecycleType } from '../../../workflows/pod-lifecycle.messages.ts';
import { replayProgressQuery } from '../../../workflows/replay-classifications.messages.ts';
import type { replayClassifications } from '../../../workflows/replay-classifications.ts';
import { healthyLife } from '../pod-changes.ts';
import { quickSettings } from './pod-runs.ts';
import type { WorkflowServers } from './workflow-servers.ts';

type Servers = Pick<WorkflowServers, 'client'>;

/** A pod of its own in this namespace. */
export function podIn(namespace: string): PodIdentity {
  const uid = randomUUID();
  return { namespace, name: `web-${uid.slice(0, 8)}`, uid };
}

/** The first changes of a life; with `end` also its end, so that its run closes when something could not be classified. */
export function lifeOf(pod: PodIdentity, { end = false }: { readonly end?: boolean } = {}): readonly PodChange[] {
  const [add, ready, terminating, gone] = healthyLife(pod);
  return end ? [add!, ready!, terminating!, gone!] : [add!, ready!];
}

/** Starts the run of a pod as the watch does, with the search attributes a replay finds it by. */
export async function startShownRun(
  { client }: Servers,
  pod: PodIdentity,
  changes: readonly PodChange[],
  { cluster = quickSettings.cluster }: { readonly cluster?: string } = {},
): Promise<WorkflowHandle> {
  const [first] = healthyLife(pod);
  return await client.workflow.signalWithStart(podLifecycleType, {
    workflowId: podWorkflowId(cluster, pod),
    taskQueue: taskQueues.pods,
    args: [{ ...quickSettings, cluster, pod }],
    signal: podChangesSignal,
    signalArgs: [{ changes, epoch: 0 }],
    typedSearchAttributes: searchAttributePairs(podStartAttributes({ cluster, change: first! })),
  });
}

/** Waits until visibility shows so many runs of this namespace as failed to be classified. */
export async function untilShown(
  { client }: Servers,
  wanted: {
    readonly namespace: string;
    readonly open?: number;
    readonly closed?: number;
    readonly failing?: boolean;
  },
): Promise<void> {
  const { namespace, open = 0, closed = 0, failing = true } = wanted;
  const state = failing ? 'classification-failed' : 'Healthy';
  const count = async (status: string) =>
    (await client.workflow.count(visibilityQuery({ namespace, status, state }))).count;
  while ((await count('running')) < open || (await count('failed')) < closed) await sleep(100);
}

export interface FailedRuns {
  readonly open: readonly PodIdentity[];
  readonly closed: readonly PodIdentity[];
}

/**
 * Runs of pods that a worker, whose rules fail now, could not classify: so many open, so many closed. With `failing: false` its
 * rules do not fail, and it only waits until the open ones are shown.
 */
export async function startFailedRuns(
  servers: Servers,
  wanted: { readonly namespace: string; readonly open: number; readonly closed: number; readonly failing?: false },
): Promise<FailedRuns> {
  const { namespace } = wanted;
  const open = Array.from({ length: wanted.open }, () => podIn(namespace));
  const closed = Array.from({ length: wanted.closed }, () => podIn(namespace));
  for (const pod of open) await startShownRun(servers, pod, lifeOf(pod));
  for (const pod of closed) await startShownRun(servers, pod, lifeOf(pod, { end: true }));
  await untilShown(servers, wanted);
  return { open, closed };
}

export type ReplayHandle = WorkflowHandle<typeof replayClassifications>;

/** Starts a replay as CLI and HTTP do. */
export async function startTestReplay(
  { client }: Servers,
  { filter, ...request }: Partial<StartReplayOptions> = {},
): Promise<ReplayHandle> {
  const { workflowId } = await startReplay({
    workflow: client.workflow,
    cluster: quickSettings.cluster,
    requestId: randomUUID(),
    filter: { select: 'failed', ...filter },
    dryRun: false,
    reason: 'a test',
    runsPerSecond: 200,
    ...request,
  });
  return client.workflow.getHandle(workflowId);
}

/** Waits until the replay has tried so many runs. */
export async function untilTried(handle: ReplayHandle, tried: number): Promise<ReplayProgress> {
  for (;;) {
    const progress = await handle.query(replayProgressQuery);
    if (progress.tried >= tried) return progress;
    await sleep(50);
  }
}

/** Events of one type in the newest run of a workflow. */
export async function eventsOf(handle: WorkflowHandle, attributes: string): Promise<readonly object[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => attributes in event && event[attributes as keyof typeof event] !== null);
}
