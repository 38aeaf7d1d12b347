import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { taskQueues } from '../../../../../domain/task-queues.ts';
import { runRow } from '../../../../../platform/temporal/runs/run-row.ts';
import type { RunDetails } from '../../../../../triggers/http/runs/read-run.ts';
import { podsRoutes } from '../../../../../triggers/http/routes/pods.ts';
import { runsRoutes } from '../../../../../triggers/http/routes/runs.ts';
import { podStateQuery, podTimelineQuery } from '../../../../../workflows/pod-lifecycle.messages.ts';
import { reclassifyType } from '../../../../../workflows/reclassify.messages.ts';
import { watchPodsType, watchStatusQuery } from '../../../../../workflows/watch-pods.messages.ts';
import { type HttpRig, startHttpRig } from '../../../../helpers/http/http-rig.ts';
import { seedPod, seedWatch, untilTaken } from '../../../../helpers/http/seed-runs.ts';
import { crashingLife, healthyLife, malformedChange } from '../../../../helpers/pod-changes.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';
import type { RunningWorker } from '../../../../helpers/workflows/workflow-servers.ts';

describe('GET /api/v1/runs/*', () => {
  let rig: HttpRig;
  let worker: RunningWorker;
  const path = (workflowId: string) => `/api/v1/runs/${workflowId}`;
  const show = async (workflowId: string, query: Readonly<Record<string, string>> = {}) =>
    await rig.call({ path: path(workflowId), query });
  const details = async (workflowId: string, query: Readonly<Record<string, string>> = {}) => {
    const { status, json, text } = await show(workflowId, query);
    expect([status, text]).toEqual([200, text]);
    return json as RunDetails;
  };
  /** As JSON has it. */
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const row = async (handle: WorkflowHandle): Promise<unknown> => {
    const description = await handle.describe();
    const { runId } = description;
    return { ...runRow(description, undefined), url: expect.stringContaining(runId) as unknown };
  };

  beforeAll(async () => {
    rig = await startHttpRig({ routes: [runsRoutes, podsRoutes] });
    worker = await rig.servers.startPodWorker();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  it('answers all that the run of an open pod knows', async () => {
    const pod = freshPod();
    const handle = await seedPod(rig, { pod, changes: crashingLife(pod).slice(0, 3) });
    await untilTaken(handle, 3);
    const answer = await details(handle.workflowId);
    expect(answer).toEqual({
      run: await row(handle),
      summary: expect.stringContaining(pod.name) as unknown,
      failure: null,
      podLifecycle: {
        state: plain(await handle.query(podStateQuery)),
        timeline: plain(await handle.query(podTimelineQuery)),
        failures: { count: 0, items: [] },
      },
    });
    expect(answer.podLifecycle?.state.verdict?.findings[0]?.evidence.length).toBeGreaterThan(0);
    expect(answer.podLifecycle?.timeline.entries).toHaveLength(3);
  }, 60_000);

  it('answers for a closed run just as well', async () => {
    const pod = freshPod();
    const handle = await seedPod(rig, { pod, changes: healthyLife(pod) });
    await handle.result();
    expect(await details(handle.workflowId)).toMatchObject({
      run: { status: 'COMPLETED', closedAt: expect.any(String) as unknown },
      failure: null,
      podLifecycle: {
        state: plain(await handle.query(podStateQuery)),
        timeline: plain(await handle.query(podTimelineQuery)),
      },
    });
  }, 60_000);

  it('takes the id with slashes, with %2F, and with both', async () => {
    const pod = freshPod();
    const handle = await seedPod(rig, { pod, changes: healthyLife(pod).slice(0, 1) });
    await untilTaken(handle, 1);
    const [, cluster, ...rest] = handle.workflowId.split('/');
    for (const written of [
      handle.workflowId,
      encodeURIComponent(handle.workflowId),
      `pod/${cluster}%2f${rest.join('%2F')}`,
    ]) {
      expect((await details(written)).run.workflowId).toBe(handle.workflowId);
    }
  }, 60_000);

  it('tells of failed classifications without their inputs, and why the run failed, without a stack trace', async () => {
    const pod = freshPod();
    const [add, , , gone] = healthyLife(pod);
    const broken = { ...malformedChange(15), snapshot: { ...malformedChange(15).snapshot, ...pod } };
    const handle = await seedPod(rig, { pod, changes: [add!] });
    await untilTaken(handle, 1);
    await handle.signal('podChanges', { epoch: 0, changes: [broken] });
    await untilTaken(handle, 2);
    const failures = {
      count: 1,
      items: [
        {
          failedAt: expect.any(String) as unknown,
          reason: expect.stringContaining('snapshot.containers') as unknown,
          rule: null,
          changes: 1,
        },
      ],
    };
    expect(await details(handle.workflowId)).toMatchObject({ failure: null, podLifecycle: { failures } });

    await handle.signal('podChanges', { epoch: 0, changes: [gone] });
    await expect(handle.result()).rejects.toThrow();
    const { text, json } = await show(handle.workflowId);
    expect(json).toMatchObject({
      run: { status: 'FAILED', state: 'classification-failed' },
      failure: { type: 'ClassificationFailed', message: expect.stringContaining('could not be classified') as unknown },
      podLifecycle: { failures },
    });
    expect(text).not.toContain('.ts:');
  }, 60_000);

  it('asks the latest run of a chain; of an earlier one it shows the row', async () => {
    const pod = freshPod();
    const changes = healthyLife(pod).slice(0, 3);
    const handle = await seedPod(rig, { pod, changes: changes.slice(0, 1), historyLimit: 6 });
    const { runId: firstRunId } = await handle.describe();
    for (const [index, change] of changes.entries()) {
      const chain = rig.client.workflow.getHandle(handle.workflowId);
      await chain.signal('podChanges', { epoch: 0, changes: [change] });
      await untilTaken(chain, index + 1);
    }
    const latest = await details(handle.workflowId);
    expect(latest.run.runId).not.toBe(firstRunId);
    expect(latest.podLifecycle?.timeline.entries).toHaveLength(3);
    const first = await details(handle.workflowId, { runId: firstRunId });
    expect(first).toEqual({
      run: expect.objectContaining({ runId: firstRunId, status: 'CONTINUED_AS_NEW' }) as unknown,
      summary: expect.stringContaining(pod.name) as unknown,
      failure: null,
    });
  }, 60_000);

  it('answers for a watch, paused and stopped', async () => {
    const handle = await seedWatch(rig, 'all');
    await handle.signal('gap', {
      source: '',
      fromVersion: '1',
      toVersion: '5',
      fromTime: '2026-03-01T12:00:00Z',
      toTime: '2026-03-01T12:00:05Z',
      reason: 'the version is too old',
    });
    await handle.signal('pause');
    const watchPods = { ...(plain(await handle.query(watchStatusQuery)) as object), live: null };
    expect(await details(handle.workflowId)).toEqual({
      run: await row(handle),
      summary: 'Pod watch all of cluster test',
      failure: null,
      watchPods,
    });
    await handle.signal('stop');
    await handle.result();
    expect(await details(handle.workflowId)).toMatchObject({
      run: { status: 'COMPLETED' },
      watchPods: { gapCount: 1 },
    });
  }, 60_000);

  it('tells why a watch failed that never could say what it watches', async () => {
    const handle = await rig.client.workflow.start(watchPodsType, {
      workflowId: 'watch/test/Not_a_name',
      taskQueue: taskQueues.pods,
      args: [{ configuration: { scope: { scopeName: 'Not_a_name', namespaces: [], excludePatterns: [] } } }],
    });
    await expect(handle.result()).rejects.toThrow();
    const failed = { run: { status: 'FAILED' }, failure: { type: 'invalid_scope' }, watchPods: null };
    expect(await details(handle.workflowId)).toMatchObject(failed);
  }, 60_000);

  it('tells why a run was ended by somebody, and by itself', async () => {
    const pod = freshPod();
    const terminated = await seedPod(rig, { pod, changes: healthyLife(pod).slice(0, 1) });
    await untilTaken(terminated, 1);
    await terminated.terminate('not needed');
    expect((await details(terminated.workflowId)).failure).toEqual({
      type: 'TerminatedFailure',
      message: expect.any(String) as unknown,
    });
    const failed = await rig.client.workflow.start(reclassifyType, {
      workflowId: 'reclassify/test/uid-none',
      taskQueue: taskQueues.pods,
      args: [{}],
    });
    await expect(failed.result()).rejects.toThrow();
    expect(await details(failed.workflowId)).toMatchObject({
      failure: { type: 'invalid_input' },
      reclassify: { result: null },
    });
  }, 60_000);

  it('does not know runs of other clusters, of other workflows, and those that are not there', async () => {
    const pod = freshPod();
    const foreign = await seedPod(rig, { pod, changes: healthyLife(pod).slice(0, 1), cluster: 'other' });
    const own = await seedPod(rig, { pod: freshPod(), changes: healthyLife(pod).slice(0, 1) });
    await rig.client.workflow.start('somebodyElses', {
      workflowId: 'pod/test/shop/stranger/uid',
      taskQueue: taskQueues.pods,
      args: [],
    });
    for (const workflowId of [
      foreign.workflowId,
      'pod/test/shop/stranger/uid',
      'pod/test/shop/nobody/uid',
      'pod/test2/shop/nobody/uid',
      'somebodyElses',
      `${own.workflowId}/`,
      encodeURIComponent(own.workflowId).replaceAll('%', '%25'),
      `pod/test/../other/${pod.namespace}/${pod.name}/${pod.uid}`,
    ]) {
      expect([workflowId, await show(workflowId)]).toMatchObject([workflowId, { status: 404, code: 'not_found' }]);
    }
    expect(await show(own.workflowId, { runId: randomUUID() })).toMatchObject({ status: 404 });
    const { runId } = await foreign.describe();
    expect(await show(own.workflowId, { runId })).toMatchObject({ status: 404 });
  }, 60_000);

  it('refuses a query string it does not know, and an id that is too long', async () => {
    expect(await show('pod/test/a/b/c', { runId: 'latest' })).toMatchObject({ status: 400 });
    expect(await show('pod/test/a/b/c', { verbose: 'true' })).toMatchObject({ status: 400 });
    const { status } = await show(`pod/test/${'x'.repeat(3000)}`);
    expect([400, 404, 414]).toContain(status);
  });

  it('is for callers with runs:read', async () => {
    expect(await rig.call({ path: path('pod/test/a/b/c'), as: 'anonymous' })).toMatchObject({ status: 401 });
    expect(await rig.call({ path: path('pod/test/a/b/c'), as: ['watches:write'] })).toMatchObject({ status: 403 });
    expect(await rig.call({ path: path('pod/test/a/b/c'), as: ['runs:read'] })).toMatchObject({ status: 404 });
  });

  it('says which worker is missing when nobody answers for the run, and that Temporal is when it is', async () => {
    const pod = freshPod();
    const handle = await seedPod(rig, { pod, changes: healthyLife(pod).slice(0, 1) });
    await untilTaken(handle, 1);
    const [whole, ended] = [freshPod(), freshPod()];
    const closed = await seedPod(rig, { pod: whole, changes: healthyLife(whole) });
    const result = plain(await closed.result());
    const terminated = await seedPod(rig, { pod: ended, changes: healthyLife(ended).slice(0, 1) });
    await untilTaken(terminated, 1);
    await terminated.terminate();
    await worker.stop();
    const hasty = await rig.withLimits({ requestTimeoutSeconds: 4 });
    // Their end is in Temporal.
    for (const [closedRun, told] of [
      [closed, { failure: null, podLifecycle: null, result }],
      [
        terminated,
        { failure: { type: 'TerminatedFailure', message: expect.any(String) as unknown }, podLifecycle: null },
      ],
    ] as const) {
      const { status, json } = await hasty.call({ path: path(closedRun.workflowId) });
      expect([status, json]).toEqual([
        200,
        { run: await row(closedRun), summary: expect.any(String) as unknown, ...told },
      ]);
    }
    for (const asked of [path(handle.workflowId), `/api/v1/pods/${pod.namespace}/${pod.name}`]) {
      const { status, code, json } = await hasty.call({ path: asked });
      expect([asked, status, code]).toEqual([asked, 503, 'no_worker']);
      expect((json as { detail: string }).detail).toContain(handle.workflowId);
    }
    const cut = await rig.withoutTemporal();
    expect(await cut.call({ path: path(handle.workflowId) })).toMatchObject({ code: 'temporal_unavailable' });
  }, 60_000);
});
