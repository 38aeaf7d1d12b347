import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podWorkflowId } from '../../../../../domain/names.ts';
import { podsRoutes } from '../../../../../triggers/http/routes/pods.ts';
import { runsRoutes } from '../../../../../triggers/http/routes/runs.ts';
import type { RunDetails } from '../../../../../triggers/http/runs/read-run.ts';
import type { NamedPod } from '../../../../../triggers/http/runs/read-pod.ts';
import { type HttpRig, startHttpRig } from '../../../../helpers/http/http-rig.ts';
import { seedPod, untilListed, untilTaken } from '../../../../helpers/http/seed-runs.ts';
import { crashingLife, healthyLife } from '../../../../helpers/pod-changes.ts';

describe('GET /api/v1/pods/<namespace>/<name>', () => {
  let rig: HttpRig;
  const show = async (name: string) => await rig.call({ path: `/api/v1/pods/${name}` });
  const named = async (name: string) => {
    const { status, json, text } = await show(name);
    expect([status, text]).toEqual([200, text]);
    return json as NamedPod;
  };
  /** A pod of this name in namespace shop; `web-0` of a StatefulSet comes back under its name. */
  const podNamed = (name: string) => ({ namespace: 'shop', name, uid: randomUUID() });

  beforeAll(async () => {
    rig = await startHttpRig({ routes: [podsRoutes, runsRoutes] });
    await rig.servers.startPodWorker();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  it('shows the pod that has the name now, and those that had it before, newest first', async () => {
    const [first, second, third] = [podNamed('web-0'), podNamed('web-0'), podNamed('web-0')];
    const ended = [];
    for (const pod of [first, second]) {
      const handle = await seedPod(rig, { pod, changes: crashingLife(pod) });
      await handle.result();
      ended.push(handle);
    }
    const live = await seedPod(rig, { pod: third, changes: healthyLife(third).slice(0, 2) });
    await untilTaken(live, 2);
    await untilListed(rig, { pod: 'web-0' }, 3);
    const pod = await named('shop/web-0');
    expect(pod).toMatchObject({ namespace: 'shop', name: 'web-0', more: false });
    expect(pod.current?.uid).toBe(third.uid);
    expect(pod.earlier.map(({ uid }) => uid)).toEqual([second.uid, first.uid]);
    expect(pod.earlier.map(({ run }) => run.status)).toEqual(['COMPLETED', 'COMPLETED']);

    for (const [told, handle] of [
      [pod.current, live],
      [pod.earlier[0], ended[1]],
      [pod.earlier[1], ended[0]],
    ] as const) {
      const { json } = await rig.call({ path: `/api/v1/runs/${handle!.workflowId}` });
      const { run, podLifecycle } = json as RunDetails;
      expect(told).toEqual({ uid: run.workflowId.split('/').at(-1), run, ...podLifecycle });
    }
  }, 60_000);

  it('has nobody who has the name now when the last one is gone', async () => {
    const pod = podNamed('gone-0');
    await (await seedPod(rig, { pod, changes: healthyLife(pod) })).result();
    await untilListed(rig, { pod: 'gone-0', status: 'COMPLETED' }, 1);
    expect(await named('shop/gone-0')).toMatchObject({ current: null, earlier: [{ uid: pod.uid }] });
  }, 60_000);

  it('tells a pod once, however often its run continued as new', async () => {
    const pod = podNamed('long-0');
    const workflowId = podWorkflowId(rig.cluster, pod);
    const life = healthyLife(pod).slice(0, 3);
    const handle = await seedPod(rig, { pod, changes: [life[0]!], historyLimit: 6 });
    for (const [index, change] of life.entries()) {
      await rig.client.workflow.getHandle(workflowId).signal('podChanges', { epoch: 0, changes: [change] });
      await untilTaken(rig.client.workflow.getHandle(workflowId), index + 1);
    }
    const { runId } = await rig.client.workflow.getHandle(workflowId).describe();
    expect(runId).not.toBe((await handle.describe()).runId);
    await untilListed(rig, { pod: 'long-0', status: 'RUNNING' }, 1);
    expect(await named('shop/long-0')).toMatchObject({ current: { uid: pod.uid, run: { runId } }, earlier: [] });
  }, 60_000);

  it('tells of twenty pods at most, and that there are more', async () => {
    const pods = Array.from({ length: 22 }, () => podNamed('often-0'));
    for (const pod of pods) await (await seedPod(rig, { pod, changes: healthyLife(pod) })).result();
    await untilListed(rig, { pod: 'often-0', status: 'COMPLETED' }, 22);
    const { earlier, more } = await named('shop/often-0');
    expect(more).toBe(true);
    expect(earlier.map(({ uid }) => uid)).toEqual(
      pods
        .toReversed()
        .slice(0, 20)
        .map(({ uid }) => uid),
    );
  }, 120_000);

  it('does not know pods that never had a run, and those of another cluster', async () => {
    const pod = podNamed('foreign-0');
    const handle = await seedPod(rig, { pod, changes: healthyLife(pod).slice(0, 1), cluster: 'other' });
    const own = podNamed('own-0');
    await seedPod(rig, { pod: own, changes: healthyLife(own).slice(0, 1) });
    await untilListed(rig, { pod: 'own-0' }, 1);
    expect(await show('shop/foreign-0')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await show('shop2/own-0')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await show('shop/nobody')).toMatchObject({ status: 404, code: 'not_found' });
    await handle.terminate();
  }, 60_000);

  it('refuses what is not the name of a pod or a namespace', async () => {
    for (const [name, errorPath] of [
      ['shop/Web', 'path.name'],
      [`shop/web'%20OR%20'1'='1`, 'path.name'],
      [`shop/a%2Fb`, 'path.name'],
      [`shop/${'x'.repeat(254)}`, 'path.name'],
      ['shop.eu/web', 'path.namespace'],
      [`${'x'.repeat(64)}/web`, 'path.namespace'],
    ] as const) {
      expect([name, await show(name)]).toMatchObject([name, { status: 400, json: { errors: [{ path: errorPath }] } }]);
    }
  });

  it('is for callers with runs:read', async () => {
    const path = '/api/v1/pods/shop/nobody';
    expect(await rig.call({ path, as: 'anonymous' })).toMatchObject({ status: 401 });
    expect(await rig.call({ path, as: ['events:write'] })).toMatchObject({ status: 403 });
    expect(await rig.call({ path, as: ['runs:read'] })).toMatchObject({ status: 404 });
  });
});
