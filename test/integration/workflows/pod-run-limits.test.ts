import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client';
import type { PodChange } from '../../../domain/pods/pod-change.ts';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { podChangesSignal, podTimelineQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import { healthyLife, observedChange, stalledStart } from '../../helpers/pod-changes.ts';
import { freshPod, sendChanges, startPodRun, timelineVersions, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../helpers/workflows/workflow-servers.ts';

describe('the run of a pod', () => {
  let servers: WorkflowServers;
  let worker: RunningWorker;
  beforeAll(async () => {
    servers = await startWorkflowServers();
  }, 60_000);
  afterEach(() => worker.stop());
  afterAll(() => servers.close());

  it('records a classification that takes too long, and goes on', async () => {
    let slow = true;
    worker = await servers.startPodWorker({
      activities: {
        classifyPod: async ({ current, deletion }) => {
          const waits = slow;
          slow = false;
          if (waits) await sleep(1500);
          return { entries: [], verdict: current, deletion };
        },
      },
    });
    const pod = freshPod();
    const [add, ready] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [add!], settings: { classificationTimeoutMs: 300 } });
    await untilTaken(run, 1);
    await sendChanges(run, [ready!]);
    expect(await untilTaken(run, 2)).toMatchObject({ classified: 1, failed: 1, snapshot: { version: '20' } });
    const { searchAttributes: shown } = await attributesOf(run);
    expect(shown[searchAttributes.state.name]).toBe('classification-failed');
    await run.terminate();
  }, 60_000);

  it('fails with its newest failures although the oldest were dropped', async () => {
    worker = await servers.startPodWorker({
      activities: {
        classifyPod: () => Promise.reject(ApplicationFailure.nonRetryable('no rule', 'classification_failed')),
      },
    });
    const pod = freshPod();
    const updates = Array.from({ length: 11 }, (_, index) => observedChange({ ...pod, version: index + 1 }));
    const run = await startPodRun(servers, { pod, changes: [updates[0]!] });
    for (const [index, update] of updates.entries()) {
      await sendChanges(run, [update]);
      await untilTaken(run, index + 1);
    }
    await sendChanges(run, [observedChange({ ...pod, operation: 'delete', version: 99 })]);
    const error = (await run.result().catch((thrown: unknown) => thrown)) as WorkflowFailedError;
    const [details] = (error.cause as ApplicationFailure).details as [{ failures: { changes: PodChange[] }[] }];
    expect(details).toMatchObject({ dropped: 2, summary: { failed: 12, classified: 0 } });
    expect(details.failures).toHaveLength(10);
    expect(details.failures.at(-1)?.changes[0]).toMatchObject({ operation: 'delete' });
  }, 60_000);

  it('ignores a signal that is no batch of changes', async () => {
    worker = await servers.startPodWorker();
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 1) });
    for (const nonsense of [undefined, null, 'x', { changes: 'all', epoch: 0 }, { changes: [null], epoch: 0 }]) {
      await run.signal(podChangesSignal.name, nonsense);
    }
    await sendChanges(run, healthyLife(pod).slice(1));
    expect(await run.result()).toMatchObject({ classified: 4, failed: 0 });
  }, 60_000);

  it('that hears nothing asks for its pod, and ends when it is gone', async () => {
    let uid: string | undefined;
    let asked = 0;
    worker = await servers.startPodWorker({
      getPod: () => {
        asked += 1;
        if (asked === 1) return Promise.reject(new Error('the API server is away'));
        return Promise.resolve(uid === undefined ? undefined : { uid });
      },
    });
    const pod = freshPod();
    uid = pod.uid;
    const run = await startPodRun(servers, {
      pod,
      changes: healthyLife(pod).slice(0, 2),
      settings: { idleCheckSeconds: 1 },
    });
    while (asked < 3) await sleep(50);
    expect((await run.describe()).status.name).toBe('RUNNING');
    uid = 'another pod of the same name';
    expect(await run.result()).toMatchObject({ operations: { add: 1, update: 1, delete: 1 }, classified: 3 });
  }, 60_000);

  it('continues as new without losing state, queue, details or attributes', async () => {
    worker = await servers.startPodWorker();
    const pod = freshPod();
    const updates = Array.from({ length: 30 }, (_, index) =>
      observedChange({ ...pod, version: index + 1, containers: [{ restarts: index }] }),
    );
    const run = await startPodRun(servers, { pod, changes: [updates[0]!], settings: { historyLimit: 30 } });
    for (const update of updates.slice(1)) await sendChanges(run, [update]);
    const latest = servers.client.workflow.getHandle(run.workflowId);
    await untilTaken(latest as typeof run, 30);
    const description = await latest.describe();
    expect(description.runId).not.toBe(run.signaledRunId);
    const { currentDetails } = await latest.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain(`Pod shop/${pod.name}`);
    expect(await timelineVersions(latest as typeof run)).toEqual(updates.map(({ snapshot }) => snapshot.version));
    await latest.signal(podChangesSignal, {
      changes: [observedChange({ ...pod, operation: 'delete', version: 99 })],
      epoch: 0,
    });
    expect(await run.result()).toMatchObject({
      operations: { add: 0, update: 30, delete: 1 },
      classified: 31,
      restarts: 29,
    });
    const { searchAttributes: shown } = await attributesOf(latest);
    expect(shown).toMatchObject({ [searchAttributes.restarts.name]: 29 });
  }, 60_000);

  it('looks at its verdict again when a window of the rules ends', async () => {
    worker = await servers.startPodWorker();
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: [stalledStart(pod, new Date())] });
    let entries = (await run.query(podTimelineQuery)).entries;
    while (entries.length < 2) {
      await sleep(100);
      ({ entries } = await run.query(podTimelineQuery));
    }
    expect(entries.map(({ operation, primary }) => [operation, primary])).toEqual([
      ['add', null],
      ['review', 'StartupStalled'],
    ]);
    const { searchAttributes: shown } = await attributesOf(run);
    expect(shown).toMatchObject({ [searchAttributes.cause.name]: 'StartupStalled' });
    await run.terminate();
  }, 60_000);
});

async function attributesOf(handle: {
  describe(): Promise<{ typedSearchAttributes: { getAll(): { key: { name: string }; value: unknown }[] } }>;
}) {
  const { typedSearchAttributes } = await handle.describe();
  const pairs = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const);
  return { searchAttributes: Object.fromEntries(pairs) };
}
