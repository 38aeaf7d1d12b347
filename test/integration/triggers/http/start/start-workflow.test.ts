import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podWorkflowId, replayWorkflowId, watchWorkflowId } from '../../../../../domain/names.ts';
import { taskQueues } from '../../../../../domain/task-queues.ts';
import { bodyHash } from '../../../../../triggers/http/start/body-hash.ts';
import { podLifecycleType } from '../../../../../workflows/pod-lifecycle.messages.ts';
import { stopSignal } from '../../../../../workflows/watch-pods.messages.ts';
import { healthyLife } from '../../../../helpers/pod-changes.ts';
import { type HttpRig, startHttpRig } from '../../../../helpers/http/http-rig.ts';
import { buildPod } from '../../../../helpers/pods.ts';
import {
  freshPod,
  type PodRunHandle,
  quickSettings,
  sendChanges,
  untilTaken,
} from '../../../../helpers/workflows/pod-runs.ts';
import { scriptedWatch, untilStatus, type WatchRunHandle } from '../../../../helpers/workflows/watch-runs.ts';

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly started?: boolean;
  readonly url?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

describe('starting a workflow', () => {
  let rig: HttpRig;
  const watch = scriptedWatch();
  beforeAll(async () => {
    rig = await startHttpRig();
    await rig.servers.startPodWorker();
    await rig.servers.startWatchWorker(watch.activities);
  }, 60_000);
  afterAll(async () => {
    watch.release();
    await rig.close();
  }, 60_000);

  const start = async (type: string, body: unknown, key?: string): Promise<Answer> => {
    const { status, code, json } = await rig.call({
      method: 'POST',
      path: `/api/v1/workflows/${type}`,
      body,
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });
    return { ...(json as object), status, code };
  };
  const podBody = (pod = freshPod()) => ({ item: buildPod({ name: pod.name, uid: pod.uid }) });
  const replayBody = (reason = 'a test') => ({ filter: { select: 'failed', pod: 'nobody' }, dryRun: true, reason });

  it('answers 201 with the run and its page, marked with the key and the hash of the body', async () => {
    const [key, body] = [randomUUID(), replayBody()];
    const answer = await start('replayClassifications', body, key);
    const workflowId = replayWorkflowId(rig.cluster, key);
    expect(answer).toMatchObject({ status: 201, started: true, workflowId });
    expect(answer.url).toContain(`${encodeURIComponent(workflowId)}/${answer.runId}`);
    const description = await rig.client.workflow.getHandle(workflowId).describe();
    expect(description).toMatchObject({ type: 'replayClassifications', runId: answer.runId });
    expect(description.memo).toEqual({ key, bodyHash: bodyHash(body) });
    expect(await description.staticSummary()).toContain('Dry run');
  }, 60_000);

  it('starts a new run for each request without a key', async () => {
    const answers = [await start('replayClassifications', {}), await start('replayClassifications', {})];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(answers.map(({ workflowId }) => workflowId)).size).toBe(2);
  }, 60_000);

  it('starts one run for one key and body, whatever the order of keys, also when it has ended', async () => {
    const key = 'A.b_c~d-' + randomUUID().slice(0, 8);
    const first = await start('replayClassifications', replayBody(), key);
    const { reason, dryRun, filter } = replayBody();
    const again = await start(
      'replayClassifications',
      { reason, filter: { pod: filter.pod, select: filter.select }, dryRun },
      key,
    );
    expect(again).toEqual({ ...first, status: 200, started: false });
    await rig.client.workflow.getHandle(first.workflowId!).terminate();
    expect(await start('replayClassifications', replayBody(), key)).toEqual(again);
  }, 60_000);

  it('refuses another body under one key, open or closed', async () => {
    const key = randomUUID();
    const { workflowId } = await start('replayClassifications', replayBody(), key);
    for (const _ of ['open', 'closed']) {
      const conflict = await start('replayClassifications', replayBody('another'), key);
      expect([conflict.status, conflict.code]).toEqual([422, 'idempotency_conflict']);
      await rig.client.workflow
        .getHandle(workflowId!)
        .terminate()
        .catch(() => undefined);
    }
  }, 60_000);

  it.each(['', ' ', 'with space', 'a/b', 'ü', 'k'.repeat(65), 'a, b'])('refuses the key %j', async (key) => {
    const { status, code, errors } = await start('replayClassifications', replayBody(), key);
    expect([status, code]).toEqual([400, 'invalid_request']);
    expect(errors?.[0]?.path).toBe('headers.idempotency-key');
  });

  it.each<[string, string, unknown, string[]]>([
    ['no body', 'replayClassifications', undefined, ['body']],
    ['a list', 'watchPods', [], ['body']],
    ['an unknown field', 'replayClassifications', { filters: {} }, ['body.filters']],
    ['an unknown cause', 'replayClassifications', { filter: { cause: 'bad luck' } }, ['body.filter.cause']],
    ['a rate of zero', 'replayClassifications', { runsPerSecond: 0 }, ['body.runsPerSecond']],
    ['no scope', 'watchPods', {}, ['body.scope']],
    [
      'a scope with bad parts',
      'watchPods',
      { scope: { scopeName: 'A', namespaces: ['x', 'x'], excludePatterns: ['('], labelSelector: 'a in b' } },
      ['body.scope.scopeName', 'body.scope.namespaces', 'body.scope.excludePatterns[0]', 'body.scope.labelSelector'],
    ],
    ['a setting out of range', 'watchPods', { scope: { scopeName: 'a' }, queueLimit: 0 }, ['body.queueLimit']],
    ['a Pod without a uid', 'podLifecycle', { item: buildPod({ uid: '' }) }, ['body.item.metadata.uid']],
    ['another kind', 'podLifecycle', { item: { ...buildPod(), kind: 'Node' } }, ['body.item.kind']],
    [
      'a malformed Pod',
      'podLifecycle',
      { item: { ...buildPod(), status: { containerStatuses: {} } } },
      ['body.item.status.containerStatuses'],
    ],
  ])('refuses an input with the place of its fault: %s', async (_, type, body, places) => {
    const { status, code, errors } = await start(type, body);
    expect([status, code]).toEqual([422, 'invalid_input']);
    expect(errors?.map(({ path }) => path)).toEqual(places);
  });

  it('names the public workflows when asked for another', async () => {
    const { status, code, detail } = await start('reclassify', {});
    expect([status, code]).toEqual([404, 'not_found']);
    expect(detail).toMatch(/replayClassifications.*watchPods.*podLifecycle/);
  });

  it('starts the run of a pod with its first add, once', async () => {
    const [pod, key] = [freshPod(), randomUUID()];
    const first = await start('podLifecycle', podBody(pod), key);
    expect(first).toMatchObject({ status: 201, workflowId: podWorkflowId(rig.cluster, pod) });
    const run = rig.client.workflow.getHandle(first.workflowId!) as unknown as PodRunHandle;
    expect(await untilTaken(run, 1)).toMatchObject({ operations: { add: 1, update: 0 }, classified: 1 });
    expect(await start('podLifecycle', podBody(pod), key)).toEqual({ ...first, status: 200, started: false });
    for (const otherKey of [randomUUID(), undefined]) {
      const refused = await start('podLifecycle', podBody(pod), otherKey);
      expect([refused.status, refused.code]).toEqual([409, 'already_exists']);
      expect(refused.detail).toContain(first.workflowId);
    }
    const [, ...later] = healthyLife(pod);
    await sendChanges(
      run,
      later.map((change) => ({ ...change, snapshot: { ...change.snapshot, version: `${change.snapshot.version}00` } })),
    );
    await run.result();
    expect(await start('podLifecycle', podBody(pod), key)).toEqual({ ...first, status: 200, started: false });
    expect((await start('podLifecycle', podBody(pod))).detail).toContain('has ended');
  }, 60_000);

  it('counts a key for the run id that the body says: two pods are two runs, another body for one is refused', async () => {
    const [one, other, key] = [freshPod(), freshPod(), randomUUID()];
    expect((await start('podLifecycle', podBody(one), key)).status).toBe(201);
    expect((await start('podLifecycle', podBody(other), key)).status).toBe(201);
    const changed = { item: { ...podBody(one).item, status: { phase: 'Failed' } } };
    expect((await start('podLifecycle', changed, key)).code).toBe('idempotency_conflict');
  }, 60_000);

  it('answers with the first run of a chain that continued as new', async () => {
    const [pod, key] = [freshPod(), randomUUID()];
    const body = podBody(pod);
    const { firstExecutionRunId } = await rig.client.workflow.start(podLifecycleType, {
      workflowId: podWorkflowId(rig.cluster, pod),
      taskQueue: taskQueues.pods,
      args: [{ ...quickSettings, pod, historyLimit: 4 }],
      memo: { key, bodyHash: bodyHash(body) },
    });
    const run = rig.client.workflow.getHandle(podWorkflowId(rig.cluster, pod)) as unknown as PodRunHandle;
    for (const change of healthyLife(pod).slice(0, 3)) await sendChanges(run, [change]);
    while ((await run.describe()).runId === firstExecutionRunId) await sleep(50);
    expect(await start('podLifecycle', body, key)).toMatchObject({ status: 200, runId: firstExecutionRunId });
    await run.terminate();
  }, 60_000);

  it('starts a watch with the defaults of the process and what is given, once while it runs, again after it was stopped', async () => {
    const scopeName = `s-${randomUUID().slice(0, 8)}`;
    const key = randomUUID();
    const body = { scope: { scopeName, namespaces: ['shop'], labelSelector: 'app=web' }, coalesceMs: 7 };
    const first = await start('watchPods', body, key);
    expect(first).toMatchObject({ status: 201, workflowId: watchWorkflowId(rig.cluster, scopeName) });
    const run = rig.client.workflow.getHandle(first.workflowId!) as unknown as WatchRunHandle;
    const status = await untilStatus(run, ({ mode }) => mode === 'running');
    expect(status).toMatchObject({
      configuration: {
        scope: { scopeName, namespaces: ['shop'], labelSelector: 'app=web', excludePatterns: [] },
        coalesceMs: 7,
        queueLimit: 1000,
      },
      revision: 0,
    });
    expect((await start('watchPods', body)).code).toBe('already_exists');
    expect((await start('watchPods', { ...body, coalesceMs: 8 }, key)).code).toBe('idempotency_conflict');
    await run.signal(stopSignal);
    await run.result();
    expect(await start('watchPods', body, key)).toEqual({ ...first, status: 200, started: false });
    const [nextKey, next] = [randomUUID(), { ...body, coalesceMs: 8 }];
    const second = await start('watchPods', next, nextKey);
    expect(second).toMatchObject({ status: 201, workflowId: first.workflowId });
    expect(second.runId).not.toBe(first.runId);
    expect(await start('watchPods', next, nextKey)).toEqual({ ...second, status: 200, started: false });
    await rig.client.workflow.getHandle(first.workflowId!).terminate();
  }, 60_000);
});
