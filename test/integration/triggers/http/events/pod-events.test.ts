import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type PodIdentity, podWorkflowId } from '../../../../../domain/names.ts';
import type { HttpLimits } from '../../../../../triggers/http/http-app.ts';
import type { AcceptedPodEvent, PodEventItem } from '../../../../../triggers/http/schemas/pod-event.ts';
import { sharedEnvironment } from '../../../../helpers/environment.ts';
import { type HttpRig, startHttpRig } from '../../../../helpers/http/http-rig.ts';
import { buildPod, type Json, type PodParts, terminated } from '../../../../helpers/pods.ts';
import { startTcpProxy } from '../../../../helpers/tcp-proxy.ts';
import { freshPod, type PodRunHandle, untilTaken } from '../../../../helpers/workflows/pod-runs.ts';

const path = '/api/v1/pod-events';

type EventParts = PodParts & { readonly type?: string; readonly version?: number | null };

/** An event as a client sends it; without a version when null. */
function podEvent(pod: PodIdentity, { type = 'update', version = null, metadata, ...parts }: EventParts = {}): Json {
  const own = {
    ...metadata,
    namespace: pod.namespace,
    resourceVersion: version === null ? undefined : String(version),
  };
  return { type, item: buildPod({ name: pod.name, uid: pod.uid, ...parts, metadata: own }) };
}

async function untilMetric({ metrics }: HttpRig, line: string): Promise<void> {
  while (!(await metrics.registry.metrics()).includes(`${line}\n`)) await sleep(20);
}

describe('pod events', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await startHttpRig();
    await rig.servers.startPodWorker();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  const runOf = (pod: PodIdentity) =>
    rig.client.workflow.getHandle(podWorkflowId(rig.cluster, pod)) as unknown as PodRunHandle;
  const sendOne = async (event: unknown) => {
    const { status, json } = await rig.call({ method: 'POST', path, body: event });
    expect(status).toBe(202);
    return json as AcceptedPodEvent;
  };
  const sendAll = async (events: readonly unknown[]) => {
    const { status, json } = await rig.call({ method: 'POST', path, body: events });
    expect(status).toBe(202);
    return (json as { items: PodEventItem[] }).items;
  };

  /** The API on a connection of its own that a test can hold back. */
  const rigBehindProxy = async (limits: Partial<HttpLimits>) => {
    const proxy = await startTcpProxy((await sharedEnvironment()).temporalAddress());
    const connection = await Connection.connect({ address: proxy.address });
    const client = new Client({ connection, namespace: rig.servers.namespace });
    const behind = await rig.withDependencies({
      client,
      limits: { ...rig.limits, ...limits },
    });
    return {
      rig: behind,
      proxy,
      async close() {
        await connection.close();
        await proxy.close();
      },
    };
  };

  it('starts the run of the pod and answers with it', async () => {
    const pod = freshPod();
    const answer = await sendOne({ resourceId: 'mine', ...podEvent(pod, { type: 'add', version: 10 }) });
    const { runId } = await runOf(pod).describe();
    const workflowId = podWorkflowId(rig.cluster, pod);
    expect(answer).toEqual({
      resourceId: 'mine',
      outcome: 'accepted',
      workflowId,
      runId,
      url: expect.stringContaining(`${encodeURIComponent(workflowId)}/${runId}`),
    });
    expect(await untilTaken(runOf(pod), 1)).toMatchObject({ operations: { add: 1 }, classified: 1 });
  }, 60_000);

  it('counts the same event once, with or without a resourceVersion', async () => {
    for (const version of [10, null]) {
      const pod = freshPod();
      const event = podEvent(pod, { type: 'add', version });
      const [first, second] = [await sendOne(event), await sendOne(event)];
      expect(second).toEqual(first);
      await sendAll([event, event]);
      await sendOne(podEvent(pod, { version: version === null ? null : 20, phase: 'Failed' }));
      expect(await untilTaken(runOf(pod), 2)).toMatchObject({ operations: { add: 1, update: 1 }, classified: 2 });
    }
  }, 60_000);

  it('keeps the order of arrival of a pod, across requests, where there is no resourceVersion', async () => {
    const slow = await rigBehindProxy({});
    const pod = freshPod();
    const crashed = podEvent(pod, { containers: [{ state: terminated({ exitCode: 3 }), ready: false }] });
    const bodies = [podEvent(pod, { type: 'add' }), [crashed, podEvent(pod)], podEvent(pod, { type: 'delete' })];
    slow.proxy.pause();
    const answers: ReturnType<HttpRig['call']>[] = [];
    for (const [index, waiting] of [1, 3, 4].entries()) {
      answers.push(slow.rig.call({ method: 'POST', path, body: bodies[index] }));
      await untilMetric(slow.rig, `podkeeper_http_pod_events_waiting ${waiting}`);
    }
    slow.proxy.resume();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await runOf(pod).result()).toMatchObject({ operations: { add: 1, update: 2, delete: 1 } });
    await slow.close();
  }, 60_000);

  it('answers with the ended run for an event that comes late, a second delete among them', async () => {
    const pod = freshPod();
    const gone = podEvent(pod, { type: 'delete' });
    const [added] = await sendAll([podEvent(pod, { type: 'add' }), gone, gone]);
    expect(await runOf(pod).result()).toMatchObject({ operations: { add: 1, update: 0, delete: 1 } });
    for (const event of [gone, podEvent(pod, { version: 99 })]) {
      const late = await sendOne(event);
      expect({ ...late, status: 202 }).toEqual({ ...added, outcome: 'late' });
    }
    expect(await runOf(pod).result()).toMatchObject({ operations: { add: 1, update: 0, delete: 1 } });
  }, 60_000);

  it('puts a Pod without a namespace into default', async () => {
    const pod = { ...freshPod(), namespace: 'default' };
    const { item } = podEvent(pod) as { item: { metadata: Json } };
    const answer = await sendOne({
      type: 'add',
      item: { ...item, metadata: { ...item.metadata, namespace: undefined } },
    });
    expect(answer.workflowId).toBe(podWorkflowId(rig.cluster, pod));
  }, 60_000);

  it.each<[string, unknown, string]>([
    ['no uid', podEvent({ ...freshPod(), uid: '' }), 'body.item.metadata.uid'],
    ['another kind', { type: 'add', item: { ...buildPod(), kind: 'Node' } }, 'body.item.kind'],
    ['an unknown type', { type: 'ADDED', item: buildPod() }, 'body.type'],
    ['no type', { item: buildPod() }, 'body.type'],
    ['no object', 'pod', 'body'],
    ['an empty list', [], 'body'],
  ])('refuses an event with the place of its fault: %s', async (_, body, place) => {
    const { status, code, json } = await rig.call({ method: 'POST', path, body });
    expect([status, code]).toEqual([422, 'invalid_event']);
    expect((json as { errors: { path: string }[] }).errors.map((fault) => fault.path)).toEqual([place]);
  });

  it('refuses what is no JSON, no JSON type, too big, or too many', async () => {
    const send = async (parts: Partial<Parameters<HttpRig['call']>[0]>) => {
      const { status, code } = await rig.call({ method: 'POST', path, ...parts });
      return [status, code];
    };
    const headers = { 'content-type': 'application/json' };
    expect(await send({ rawBody: '{"type":', headers })).toEqual([400, 'invalid_request']);
    expect(await send({ rawBody: 'x', headers: { 'content-type': 'text/plain' } })).toEqual([
      415,
      'unsupported_media_type',
    ]);
    const big = podEvent(freshPod(), { metadata: { annotations: { a: 'a'.repeat(1024 * 1024) } } });
    expect(await send({ body: big })).toEqual([413, 'body_too_large']);
    expect(await send({ body: Array.from({ length: 501 }, () => ({})) })).toEqual([413, 'body_too_large']);
    expect(await send({ body: big, as: 'anonymous' })).toEqual([401, 'unauthenticated']);
    expect(await send({ body: podEvent(freshPod()), as: ['runs:read'] })).toEqual([403, 'forbidden']);
  }, 60_000);

  it('takes the good ones of 500 and tells of each bad one where it is wrong', async () => {
    const pods = Array.from({ length: 100 }, freshPod);
    const events = Array.from({ length: 500 }, (_, index): unknown => {
      const event = podEvent(pods[index % 100]!, { type: index < 100 ? 'add' : 'update', version: 10 + index });
      if (index % 50 === 7) return { ...event, resourceId: `bad-${index}`, type: 'MODIFIED' };
      return index % 50 === 8 ? index : event;
    });
    const items = await sendAll(events);
    expect(items).toHaveLength(500);
    items.forEach((item, index) => {
      if (index % 50 === 7) {
        const errors = [{ path: `body[${index}].type`, message: 'is not one of add, update, delete' }];
        expect(item).toMatchObject({ status: 422, code: 'invalid_event', resourceId: `bad-${index}`, errors });
      } else if (index % 50 === 8) {
        expect(item).toMatchObject({ status: 422, errors: [{ path: `body[${index}]`, message: 'is not an object' }] });
      } else {
        const workflowId = podWorkflowId(rig.cluster, pods[index % 100]!);
        expect(item).toMatchObject({ status: 202, outcome: 'accepted', workflowId });
      }
    });
    const [steady, wounded] = [pods[0]!, pods[7]!];
    expect(await untilTaken(runOf(steady), 1)).toMatchObject({ operations: { add: 1 } });
    // Two of each fifty pods sent nothing but bad ones.
    expect(new Set(items.flatMap((item) => ('runId' in item ? [item.runId] : []))).size).toBe(96);
    await expect(runOf(wounded).describe()).rejects.toThrow('not found');
  }, 60_000);

  it('answers 202 for an array of bad ones only: each is answered for itself', async () => {
    const items = await sendAll([{}, { type: 'add' }]);
    expect(items.map(({ status }) => status)).toEqual([422, 422]);
  });

  it('takes nothing of a request that does not fit into the queue', async () => {
    const slow = await rigBehindProxy({ dispatchQueueLimit: 3, dispatchConcurrency: 1 });
    const post = (count: number) =>
      slow.rig.call({ method: 'POST', path, body: Array.from({ length: count }, () => podEvent(freshPod())) });
    slow.proxy.pause();
    const held = [post(2), post(1)];
    await untilMetric(slow.rig, 'podkeeper_http_pod_events_waiting 3');
    const refused = await post(1);
    expect([refused.status, refused.code, refused.headers['retry-after']]).toEqual([429, 'dispatch_full', '1']);
    expect((await post(4)).code).toBe('body_too_large');
    slow.proxy.resume();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await post(3)).status).toBe(202);
    const text = await slow.rig.metrics.registry.metrics();
    expect(text).toContain('podkeeper_http_pod_events_total{result="accepted"} 6');
    expect(text).toContain('podkeeper_http_pod_events_total{result="refused"} 1');
    expect(text).toContain('podkeeper_http_pod_events_waiting 0');
    await slow.close();
  }, 60_000);

  it('answers 503 for an event whose acceptance it could not hear of, and counts it once when it comes again', async () => {
    const slow = await rigBehindProxy({ requestTimeoutSeconds: 1 });
    const pod = freshPod();
    const event = podEvent(pod, { type: 'add' });
    slow.proxy.pause();
    const unheard = await slow.rig.call({ method: 'POST', path, body: event });
    expect([unheard.status, unheard.code]).toEqual([503, 'temporal_unavailable']);
    slow.proxy.resume();
    expect((await slow.rig.call({ method: 'POST', path, body: event })).status).toBe(202);
    await sendOne(podEvent(pod, { type: 'delete' }));
    expect(await runOf(pod).result()).toMatchObject({ operations: { add: 1, update: 0, delete: 1 } });
    await slow.close();
  }, 60_000);

  it('tells of each event whether Temporal has it, when Temporal stops answering in between', async () => {
    const slow = await rigBehindProxy({ requestTimeoutSeconds: 3, dispatchConcurrency: 1 });
    const pods = Array.from({ length: 60 }, freshPod);
    const body = pods.map((pod) => podEvent(pod, { type: 'add' }));
    const sending = slow.rig.call({ method: 'POST', path, body });
    const waiting = async () => (await slow.rig.metrics.httpEventsWaiting.get()).values[0]?.value ?? 0;
    while ((await waiting()) === 0) await sleep(1);
    while ((await waiting()) > 55) await sleep(1);
    slow.proxy.pause();
    const { status, json } = await sending;
    expect(status).toBe(202);
    const { items } = json as { items: PodEventItem[] };
    const statuses = items.map((item) => item.status);
    expect(new Set(statuses)).toEqual(new Set([202, 503]));
    expect(items.find((item) => item.status === 503)).toMatchObject({ code: 'temporal_unavailable' });
    expect(slow.rig.log.text()).toContain('events not delivered');
    slow.proxy.resume();
    expect((await sendAll(body)).map((item) => item.status)).toEqual(body.map(() => 202));
    for (const pod of [pods[0]!, pods[statuses.indexOf(503)]!, pods[59]!]) {
      await sendOne(podEvent(pod, { type: 'delete' }));
      expect(await runOf(pod).result()).toMatchObject({ operations: { add: 1, update: 0, delete: 1 } });
    }
    await slow.close();
  }, 120_000);

  it('answers 503 with Retry-After when Temporal is gone, with the faults the request has besides', async () => {
    const gone = await rig.withoutTemporal();
    const one = await gone.call({ method: 'POST', path, body: podEvent(freshPod()) });
    expect([one.status, one.code]).toEqual([503, 'temporal_unavailable']);
    expect(Number(one.headers['retry-after'])).toBeGreaterThan(0);
    const body = [{ resourceId: randomUUID() }, ...Array.from({ length: 40 }, () => podEvent(freshPod()))];
    const many = await gone.call({ method: 'POST', path, body });
    expect([many.status, many.code]).toEqual([503, 'temporal_unavailable']);
    expect(many.json).toMatchObject({ errors: [{ path: 'body[0].type' }, { path: 'body[0].item' }] });
    expect(await gone.metrics.registry.metrics()).toContain('podkeeper_http_pod_events_waiting 0');
  }, 60_000);
});
