import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import { isObserved, type PodChange } from '../../../domain/pods/pod-change.ts';
import { createSendPodChanges } from '../../../triggers/pod-changes/send-pod-changes.ts';
import { podRunStart, type PodRunSettings } from '../../../triggers/pod-changes/pod-run-start.ts';
import { configurationHash } from '../../../triggers/pod-watch/watch-configuration.ts';
import { watchRunStart } from '../../../triggers/pod-watch/watch-run-start.ts';
import { type WatchConfiguration, watchPodsType } from '../../../workflows/watch-pods.messages.ts';
import { podLifecycleType, podStateQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import type { RunList } from '../../../triggers/http/runs/list-runs.ts';
import { watchConfiguration } from '../workflows/watch-runs.ts';
import type { HttpRig } from './http-rig.ts';

export interface SeededPod {
  readonly pod: PodIdentity;
  readonly changes: readonly PodChange[];
  /** Another cluster's, in the same Temporal namespace. */
  readonly cluster?: string;
  readonly settings?: Partial<PodRunSettings>;
  /** Continue as new at this many history events. */
  readonly historyLimit?: number;
}

/** Sends a pod's changes just as the watch does, search attributes and all. */
export async function seedPod(rig: Pick<HttpRig, 'client' | 'cluster'>, seeded: SeededPod): Promise<WorkflowHandle> {
  const { pod, changes, cluster = rig.cluster, settings, historyLimit } = seeded;
  const runSettings = {
    classificationTimeoutMs: 2000,
    failedRetentionSeconds: 1,
    idleCheckSeconds: 3600,
    ...settings,
  };
  if (historyLimit !== undefined) {
    const first = changes.find(isObserved);
    if (first === undefined) throw new Error('the first change must have an object');
    const { input, ...start } = podRunStart({ cluster, pod, runSettings, first });
    await rig.client.workflow.start(podLifecycleType, { ...start, args: [{ ...input, historyLimit }] });
  }
  const send = createSendPodChanges({ workflow: rig.client.workflow, cluster, runSettings });
  const { runId } = await send(pod, { changes, epoch: 0 });
  return rig.client.workflow.getHandle(podWorkflowId(cluster, pod), runId);
}

/** Starts the run of a watch as a watch worker does, with the configuration of tests; `scopeName` becomes its scope. */
export async function seedWatch(
  rig: Pick<HttpRig, 'client' | 'cluster'>,
  scopeName: string,
  { cluster = rig.cluster, ...parts }: Partial<WatchConfiguration> & { readonly cluster?: string } = {},
): Promise<WorkflowHandle> {
  const configuration = watchConfiguration({ scope: { scopeName, namespaces: [], excludePatterns: [] }, ...parts });
  return await rig.client.workflow.start(watchPodsType, {
    ...watchRunStart(cluster, scopeName),
    args: [{ cluster, configuration, configHash: configurationHash(configuration), revision: 1 }],
  });
}

/** Waits until the run has classified (or failed) this many changes; needs a pod worker. */
export async function untilTaken(handle: WorkflowHandle, count: number): Promise<void> {
  for (;;) {
    const { classified, failed } = await handle.query(podStateQuery);
    if (classified + failed >= count) return;
    await sleep(50);
  }
}

/** Waits until a list holds this many runs: visibility lags behind. */
export async function untilListed(
  rig: HttpRig,
  query: Readonly<Record<string, string>>,
  count: number,
): Promise<RunList> {
  for (const deadlineMs = performance.now() + 30_000; ;) {
    const { json } = await rig.call({ path: '/api/v1/runs', query: { limit: '200', ...query } });
    const list = json as RunList;
    if (list.items.length === count) return list;
    if (performance.now() > deadlineMs) throw new Error(`${list.items.length} runs are listed, not ${count}`);
    await sleep(300);
  }
}
