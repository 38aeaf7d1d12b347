import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { podStateQuery, podTimelineQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import {
  crashingLife,
  healthyLife,
  inferredDelete,
  leftScope,
  malformedChange,
  observedChange,
} from '../../helpers/pod-changes.ts';
import { freshPod, sendChanges, startPodRun, timelineVersions, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('the run of a pod', () => {
  let servers: WorkflowServers;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker();
  }, 60_000);
  afterAll(() => servers.close());

  it('classifies a whole life, every change once and in order, and ends with the totals', async () => {
    const pod = freshPod();
    const [add, ready, terminating, gone] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [add!] });
    await sendChanges(run, [ready!, terminating!]);
    await sendChanges(run, [gone!]);
    expect(await run.result()).toEqual({
      operations: { add: 1, update: 2, delete: 1 },
      restarts: 0,
      worstSeverity: null,
      primaryCauses: [],
      classified: 4,
      failed: 0,
    });
    const { entries, dropped } = await run.query(podTimelineQuery);
    expect(dropped).toBe(0);
    expect(entries.map(({ taskName, attempt }) => [taskName, attempt])).toEqual([
      [`Pod added: ${pod.name}`, 1],
      [`Pod updated: ${pod.name}`, 2],
      [`Pod updated: ${pod.name}`, 3],
      [`Pod deleted: ${pod.name}`, 4],
    ]);
    expect(await run.query(podStateQuery)).toMatchObject({ pod, gone: true, snapshot: { version: '40' } });
  });

  it('names the cause, the worst severity and the restarts of a crash loop', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: crashingLife(pod) });
    expect(await run.result()).toMatchObject({ restarts: 1, primaryCauses: ['AppError'], classified: 4, failed: 0 });
  });

  it('takes repeated and late signals once', async () => {
    const pod = freshPod();
    const [add, ready, terminating, gone] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [add!, ready!] });
    await sendChanges(run, [add!, ready!]);
    await sendChanges(run, [ready!, terminating!]);
    await sendChanges(run, [add!]);
    await untilTaken(run, 3);
    expect(await timelineVersions(run)).toEqual(['10', '20', '30']);
    await sendChanges(run, [gone!]);
    expect(await run.result()).toMatchObject({ operations: { add: 1, update: 2, delete: 1 }, classified: 4 });
  });

  it('loses no signal that arrives while it classifies or just before it ends', async () => {
    const lives = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const pod = freshPod();
        const [add, ...later] = healthyLife(pod);
        const run = await startPodRun(servers, { pod, changes: [add!] });
        await Promise.all(later.map((change) => sendChanges(run, [change])));
        return run;
      }),
    );
    for (const run of lives) {
      const { operations, classified } = await run.result();
      // Sent at once, the signals may arrive in any order: what comes after the delete, or is older than the last, is late.
      expect(operations).toMatchObject({ add: 1, delete: 1 });
      expect(classified).toBe(2 + operations.update);
    }
  }, 30_000);

  it('ends by an inferred delete, judged on the last object seen', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: crashingLife(pod).slice(0, 3) });
    await sendChanges(run, [inferredDelete()]);
    expect(await run.result()).toMatchObject({ operations: { add: 1, update: 2, delete: 1 }, classified: 4 });
    const { entries } = await run.query(podTimelineQuery);
    expect(entries.at(-1)?.transitions).toEqual([expect.objectContaining({ type: 'Deleted', mode: 'inferred' })]);
  });

  it('goes on when its pod leaves the scope of the watch, and is told once', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 2) });
    await sendChanges(run, [leftScope(25)]);
    await sendChanges(run, [leftScope(25)]);
    await sendChanges(run, [observedChange({ ...pod, version: 28 })]);
    const state = await untilTaken(run, 4);
    expect(state).toMatchObject({ gone: false, operations: { add: 1, update: 2, delete: 0 } });
    expect(await timelineVersions(run)).toEqual(['10', '20', '25', '28']);
    await run.terminate();
  });

  it('starts anew with the versions of a new epoch', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: [observedChange({ ...pod, version: 5000 })] });
    await sendChanges(run, [observedChange({ ...pod, version: 12, containers: [{ restarts: 1 }] })], 1);
    await untilTaken(run, 2);
    expect(await timelineVersions(run)).toEqual(['5000', '12']);
    await run.terminate();
  });

  it('is cancelled when somebody cancels it', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 2) });
    await untilTaken(run, 2);
    await run.cancel();
    await expect(run.result()).rejects.toThrow(WorkflowFailedError);
    expect((await run.describe()).status.name).toBe('CANCELLED');
  });

  it('keeps a change it cannot classify, goes on with the next, and fails with it after the retention', async () => {
    const pod = freshPod();
    const [add, ready, , gone] = healthyLife(pod);
    const broken = { ...malformedChange(15), snapshot: { ...malformedChange(15).snapshot, ...pod } };
    const run = await startPodRun(servers, { pod, changes: [add!] });
    await sendChanges(run, [broken]);
    const failed = await untilTaken(run, 2);
    expect(failed).toMatchObject({ classified: 1, failed: 1, snapshot: { version: '10' } });
    await sendChanges(run, [ready!]);
    await untilTaken(run, 3);
    expect(await timelineVersions(run)).toEqual(['10', '20']);
    await sendChanges(run, [gone!]);
    const error = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type: 'ClassificationFailed',
      message: expect.stringContaining('snapshot.containers') as unknown,
      details: [
        {
          summary: { classified: 3, failed: 1, operations: { add: 1, update: 2, delete: 1 } },
          failures: [{ changes: [broken], previous: { version: '10' }, reason: expect.any(String) as unknown }],
          dropped: 0,
        },
      ],
    });
  });
});
