import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { WatchView } from '../../../../domain/pods/watch/watch-view.ts';
import type { HttpDependencies } from '../../../../triggers/http/http-app.ts';
import { runsRoutes } from '../../../../triggers/http/routes/runs.ts';
import { watchesRoutes } from '../../../../triggers/http/routes/watches.ts';
import type { WatchDetails, WatchList } from '../../../../triggers/http/runs/watches/read-watches.ts';
import { configurationHash } from '../../../../triggers/pod-watch/watch-configuration.ts';
import {
  type WatchIntervalResult,
  type WatchStatus,
  watchStatusQuery,
} from '../../../../workflows/watch-pods.messages.ts';
import { type HttpRig, startHttpRig } from '../../../helpers/http/http-rig.ts';
import { seedWatch } from '../../../helpers/http/seed-runs.ts';
import { checkpointAt } from '../../../helpers/watch-values.ts';
import { watchConfiguration } from '../../../helpers/workflows/watch-runs.ts';
import type { RunningWorker } from '../../../helpers/workflows/workflow-servers.ts';

const view: WatchView = {
  holder: 'host-1/42',
  since: '2026-03-01T12:00:00Z',
  pods: 17,
  streamAgeSeconds: 1.5,
  waiting: 2,
  accepted: 30,
  late: 1,
  missingPermissions: ['watch pods'],
};

/** Holds a watch until it is told to stop, and says what a real holder says. */
async function hold(): Promise<WatchIntervalResult> {
  const context = Context.current();
  const beat = () => context.heartbeat({ checkpoint: checkpointAt(5), view });
  beat();
  const beating = setInterval(beat, 200);
  await context.cancelled.catch(() => undefined);
  clearInterval(beating);
  return { checkpoint: checkpointAt(5), endedBy: 'cancelled', accepted: 7, missingPermissions: ['watch pods'] };
}

describe('watches over HTTP', () => {
  let rig: HttpRig;
  let pods: RunningWorker;
  const root = '/api/v1/watches';
  const get = async (path: string) => await rig.call({ path: root + path });
  const post = async (path: string) => await rig.call({ method: 'POST', path: root + path });
  const put = async (scope: string, body: unknown) =>
    await rig.call({ method: 'PUT', path: `${root}/${scope}/configuration`, body });
  const until = async (scope: string, condition: (details: WatchDetails) => boolean): Promise<WatchDetails> => {
    for (;;) {
      const details = (await get(`/${scope}`)).json as WatchDetails;
      if (condition(details)) return details;
      await sleep(100);
    }
  };
  /** Paused, and an interval that had begun has ended; one that was cancelled before it began leaves nothing to wait for. */
  const untilSettled = async (scope: string): Promise<void> => {
    for (let last: unknown; ;) {
      const details = await until(scope, ({ watch }) => watch.mode === 'paused');
      if (isDeepStrictEqual(details, last)) return;
      last = details;
      await sleep(1000);
    }
  };
  const configurationOf = async (scope: string) => (await until(scope, () => true)).watch.configuration;

  beforeAll(async () => {
    rig = await startHttpRig({ routes: [watchesRoutes, runsRoutes] });
    pods = await rig.servers.startPodWorker();
    await rig.servers.startWatchWorker({ watchPodsInterval: hold });
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  it('shows a watch: what its run knows, and what its holder said last', async () => {
    const handle = await seedWatch(rig, 'held');
    const told = await until('held', ({ watch }) => watch.live !== null);
    const status: WatchStatus = await handle.query(watchStatusQuery);
    expect(told).toEqual({
      scope: 'held',
      run: expect.objectContaining({ workflowId: 'watch/test/held', status: 'RUNNING', state: 'watching' }) as unknown,
      watch: { ...(JSON.parse(JSON.stringify(status)) as object), live: view },
    });
    expect(await post('/held/stop')).toMatchObject({ status: 202 });
    await handle.result();
  }, 60_000);

  it('pauses, resumes and stops, each as often as it is asked', async () => {
    const handle = await seedWatch(rig, 'steered');
    await until('steered', ({ watch }) => watch.live !== null);
    const { runId } = await handle.describe();
    for (const [action, mode] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['resume', 'running'],
    ] as const) {
      expect(await post(`/steered/${action}`)).toMatchObject({
        status: 202,
        json: {
          scope: 'steered',
          workflowId: 'watch/test/steered',
          runId,
          url: expect.stringContaining(runId) as unknown,
        },
      });
      await until('steered', ({ watch }) => watch.mode === mode && (watch.live === null) === (mode === 'paused'));
    }
    expect((await until('steered', () => true)).watch.interval).toBe(2);
    expect(await post('/steered/stop')).toMatchObject({ status: 202 });
    await handle.result();
    for (const path of ['/pause', '/resume', '/stop']) {
      expect([path, await post(`/steered${path}`)]).toMatchObject([path, { status: 404, code: 'not_found' }]);
    }
    const gone = await get('/steered');
    expect(gone).toMatchObject({ status: 404, json: { detail: expect.stringContaining('was stopped') as unknown } });
    expect(await rig.call({ path: '/api/v1/runs/watch/test/steered' })).toMatchObject({ status: 200 });
  }, 60_000);

  it('lists the watches of this cluster that are not stopped, by name', async () => {
    for (const name of ['b', 'a', 'c']) {
      await (await seedWatch(rig, `list-${name}`)).signal('pause');
      await untilSettled(`list-${name}`);
    }
    const foreign = await seedWatch(rig, 'list-d', { cluster: 'other' });
    const stopped = await seedWatch(rig, 'list-e');
    await stopped.signal('stop');
    await stopped.result();
    const listed = async () => {
      const { items, more } = (await get('')).json as WatchList;
      expect(more).toBe(false);
      return items.filter(({ scope }) => scope.startsWith('list-'));
    };
    while ((await listed()).length !== 3) await sleep(300);
    const items = await listed();
    expect(items.map(({ scope }) => scope)).toEqual(['list-a', 'list-b', 'list-c']);
    for (const item of items) expect((await get(`/${item.scope}`)).json).toEqual(item);
    await foreign.terminate();
  }, 60_000);

  it('reconfigures: what is left out stays, the revision too', async () => {
    const handle = await seedWatch(rig, 'changed');
    await handle.signal('pause');
    expect(
      (await put('changed', { configuration: { coalesceMs: 500, scope: { namespaces: ['shop'] } } })).json,
    ).toEqual({
      changed: true,
      revision: 1,
    });
    const scope = { scopeName: 'changed', namespaces: ['shop'], excludePatterns: [] };
    const expected = watchConfiguration({ coalesceMs: 500, scope });
    expect(await configurationOf('changed')).toEqual(expected);
    const { watch } = await until('changed', () => true);
    expect(watch).toMatchObject({ configHash: configurationHash(expected), mode: 'paused' });

    const labelled = { configuration: { scope: { labelSelector: 'app=web', scopeName: 'changed' } }, revision: 4 };
    expect((await put('changed', labelled)).json).toEqual({ changed: true, revision: 4 });
    expect((await put('changed', { configuration: {} })).json).toEqual({ changed: false, revision: 4 });
    expect((await configurationOf('changed')).scope).toEqual({ ...scope, labelSelector: 'app=web' });
    expect((await put('changed', { configuration: { scope: { labelSelector: null } } })).json).toMatchObject({
      changed: true,
    });
    // As a worker that boots with this configuration computes it: no field has moved.
    expect((await until('changed', () => true)).watch.configHash).toBe(configurationHash(expected));
  }, 60_000);

  it('keeps all that is changed at the same time', async () => {
    const handle = await seedWatch(rig, 'busy');
    await handle.signal('pause');
    const changes = [{ coalesceMs: 501 }, { queueLimit: 502 }, { scope: { namespaces: ['shop'] } }];
    // Nobody goes on before all have read the same configuration.
    let readers = 0;
    const getHandle = (workflowId: string, runId?: string): WorkflowHandle => {
      const handle = rig.client.workflow.getHandle(workflowId, runId);
      const query = async (definition: typeof watchStatusQuery): Promise<unknown> => {
        const answer = await handle.query(definition);
        readers += 1;
        while (readers < changes.length) await sleep(20);
        return answer;
      };
      return { ...handle, query } as unknown as WorkflowHandle;
    };
    const workflow = Object.assign(Object.create(rig.client.workflow) as Client['workflow'], { getHandle });
    const client = Object.assign(Object.create(rig.client) as HttpDependencies['client'], { workflow });
    const together = await rig.withDependencies({ client });
    const call = { method: 'PUT', path: `${root}/busy/configuration` };
    const answers = await Promise.all(
      changes.map((configuration) => together.call({ ...call, body: { configuration } })),
    );
    expect(answers.map(({ status, json }) => [status, json])).toEqual(
      changes.map(() => [200, { changed: true, revision: 1 }]),
    );
    const scope = { scopeName: 'busy', namespaces: ['shop'], excludePatterns: [] };
    const expected = watchConfiguration({ coalesceMs: 501, queueLimit: 502, scope });
    expect(await configurationOf('busy')).toEqual(expected);
  }, 60_000);

  it('refuses an older revision and a scope that is not valid, naming the fields, and changes nothing', async () => {
    const handle = await seedWatch(rig, 'guarded');
    await handle.signal('pause');
    await put('guarded', { configuration: {}, revision: 7 });
    const before = await configurationOf('guarded');
    expect(await put('guarded', { configuration: { coalesceMs: 1 }, revision: 6 })).toMatchObject({
      status: 409,
      code: 'stale_revision',
      json: { detail: expect.stringContaining('revision 7') as unknown },
    });
    const scope = {
      scopeName: 'another',
      namespaces: ['shop', 'Billing'],
      excludePatterns: ['ok', '(', 'a; b('],
      labelSelector: 'app=(',
    };
    const refused = await put('guarded', { configuration: { scope } });
    expect(refused).toMatchObject({ status: 422, code: 'invalid_scope' });
    const { errors } = refused.json as { errors: { path: string; message: string }[] };
    expect(errors.map(({ path }) => path.replace('body.configuration.scope.', '')).sort()).toEqual([
      'excludePatterns[1]',
      'excludePatterns[2]',
      'labelSelector',
      'namespaces[1]',
      'scopeName',
    ]);
    for (const [body, path] of [
      [{}, 'body.configuration'],
      [{ configuration: { coalesceMs: -1 } }, 'body.configuration.coalesceMs'],
      [{ configuration: { coalesceMs: 1.5 } }, 'body.configuration.coalesceMs'],
      [{ configuration: { podRuns: 'none' } }, 'body.configuration.podRuns'],
      [{ configuration: { cluster: 'other' } }, 'body.configuration.cluster'],
      [{ configuration: { scope: { node: 'x' } } }, 'body.configuration.scope.node'],
      [{ configuration: {}, revision: -1 }, 'body.revision'],
      [{ configuration: {}, force: true }, 'body.force'],
    ] as const) {
      expect([path, await put('guarded', body)]).toMatchObject([path, { status: 400, json: { errors: [{ path }] } }]);
    }
    expect(await configurationOf('guarded')).toEqual(before);
  }, 60_000);

  it('does not know watches that are not there, and refuses what names none', async () => {
    const foreign = await seedWatch(rig, 'foreign', { cluster: 'other' });
    for (const scope of ['nobody', 'foreign']) {
      expect(await get(`/${scope}`)).toMatchObject({ status: 404, code: 'not_found' });
      expect(await put(scope, { configuration: {} })).toMatchObject({ status: 404, code: 'not_found' });
      for (const action of ['pause', 'resume', 'stop']) {
        expect(await post(`/${scope}/${action}`)).toMatchObject({ status: 404, code: 'not_found' });
      }
    }
    expect(await get('/Not_a_name')).toMatchObject({ status: 400, json: { errors: [{ path: 'path.scope' }] } });
    expect(await get('/..%2Fother%2Fforeign')).toMatchObject({ status: 400 });
    await foreign.terminate();
  }, 60_000);

  it('is looked at with runs:read and steered with watches:write', async () => {
    const calls = [
      { path: root, read: true },
      { path: `${root}/nobody`, read: true },
      { method: 'POST', path: `${root}/nobody/pause` },
      { method: 'POST', path: `${root}/nobody/resume` },
      { method: 'POST', path: `${root}/nobody/stop` },
      { method: 'PUT', path: `${root}/nobody/configuration`, body: { configuration: {} } },
    ];
    for (const { read = false, ...call } of calls) {
      expect(await rig.call({ ...call, as: 'anonymous' })).toMatchObject({ status: 401 });
      expect(await rig.call({ ...call, as: [read ? 'watches:write' : 'runs:read'] })).toMatchObject({ status: 403 });
      const { status } = await rig.call({ ...call, as: [read ? 'runs:read' : 'watches:write'] });
      expect([200, 404]).toContain(status);
    }
  }, 60_000);

  it('is steered without a worker, but not asked', async () => {
    const handle = await seedWatch(rig, 'lonely');
    await handle.query(watchStatusQuery);
    await pods.stop();
    const patient = rig;
    rig = await patient.withLimits({ requestTimeoutSeconds: 4 });
    expect(await post('/lonely/pause')).toMatchObject({ status: 202 });
    expect(await get('/lonely')).toMatchObject({ status: 503, code: 'no_worker' });
    expect(await get('')).toMatchObject({ status: 503, code: 'no_worker' });
    expect(await put('lonely', { configuration: {} })).toMatchObject({ status: 503, code: 'no_worker' });
    rig = patient;
    pods = await rig.servers.startPodWorker();
    await until('lonely', ({ watch }) => watch.mode === 'paused');
  }, 60_000);
});
