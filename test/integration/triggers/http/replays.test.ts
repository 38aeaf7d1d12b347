import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podWorkflowId, reclassifyWorkflowId } from '../../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { replaysRoutes } from '../../../../triggers/http/routes/replays.ts';
import { runsRoutes } from '../../../../triggers/http/routes/runs.ts';
import type { RunDetails } from '../../../../triggers/http/runs/read-run.ts';
import type { ReplayDetails } from '../../../../triggers/http/runs/replays/read-replay.ts';
import { startReplay } from '../../../../triggers/replay/start-replay.ts';
import { taskQueues } from '../../../../domain/task-queues.ts';
import {
  replayClassificationsType,
  replayProgressQuery,
} from '../../../../workflows/replay-classifications.messages.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { type HttpCall, type HttpRig, startHttpRig } from '../../../helpers/http/http-rig.ts';
import { startFailedRuns } from '../../../helpers/workflows/replay-runs.ts';
import type { RunningWorker } from '../../../helpers/workflows/workflow-servers.ts';

interface Started {
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string;
  readonly replayId: string;
  readonly started: boolean;
}

describe('replays over HTTP', () => {
  let rig: HttpRig;
  let pods: RunningWorker;
  let rules: CompiledRules = failingRule('team-of');
  const root = '/api/v1/classifications/replay';
  const post = async (body?: unknown, call: Partial<HttpCall> = {}) =>
    await rig.call({ method: 'POST', path: root, ...(body === undefined ? {} : { body }), ...call });
  const start = async (body?: unknown, call: Partial<HttpCall> = {}): Promise<Started> => {
    const { status, json, text } = await post(body, call);
    expect([status, text]).toEqual([202, text]);
    return json as Started;
  };
  const get = async (replayId: string) => await rig.call({ path: `${root}/${replayId}` });
  const cancel = async (replayId: string) => await rig.call({ method: 'DELETE', path: `${root}/${replayId}` });
  const ended = async (replayId: string): Promise<ReplayDetails> => {
    for (;;) {
      const details = (await get(replayId)).json as ReplayDetails;
      if (details.progress?.state !== 'running') return details;
      await sleep(200);
    }
  };
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  beforeAll(async () => {
    rig = await startHttpRig({ routes: [replaysRoutes, runsRoutes] });
    pods = await rig.servers.startPodWorker({ rules: () => rules });
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  it('tries failed runs again, tells what became of each, and shows them as they are then', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(rig.servers, { namespace: 'billing', open: 1, closed: 1 });
    const failing = (await rig.call({ path: `/api/v1/runs/${podWorkflowId('test', open[0]!)}` })).json as RunDetails;
    expect(failing.podLifecycle?.failures).toMatchObject({ count: 1, items: [{ rule: 'team-of', changes: 2 }] });

    rules = noRules;
    const filter = { namespace: 'billing', rule: 'team-of' };
    const dry = await ended((await start({ filter, dryRun: true })).replayId);
    expect(dry.progress).toMatchObject({ dryRun: true, counts: { fixed: 2 } });

    const request = { filter, reason: 'the rule was mended', runsPerSecond: 50 };
    const { replayId, workflowId, runId, url } = await start(request);
    expect(workflowId).toBe(`replay/test/${replayId}`);
    expect(url).toContain(runId);
    const done = await ended(replayId);
    const handle = rig.client.workflow.getHandle(workflowId);
    expect(done).toEqual({
      replayId,
      run: expect.objectContaining({ workflowId, runId, type: 'replayClassifications' }) as unknown,
      failure: null,
      progress: JSON.parse(JSON.stringify(await handle.query(replayProgressQuery))) as unknown,
    });
    expect(done.progress).toMatchObject({
      state: 'completed',
      tried: 2,
      counts: { fixed: 2 },
      filter: { select: 'failed', ...filter },
      reason: 'the rule was mended',
    });
    expect(done.progress!.runs.map((run) => run.workflowId).sort()).toEqual(
      [...open, ...closed].map((pod) => podWorkflowId('test', pod)).sort(),
    );

    const shown = (await rig.call({ path: `/api/v1/runs/${workflowId}` })).json as RunDetails;
    expect(shown.replayClassifications).toEqual(done.progress);
    const child = (await rig.call({ path: `/api/v1/runs/${reclassifyWorkflowId('test', closed[0]!.uid)}` })).json;
    const result = rig.client.workflow.getHandle(reclassifyWorkflowId('test', closed[0]!.uid)).result();
    const plain = JSON.parse(JSON.stringify(await result)) as unknown;
    expect(child).toMatchObject({ failure: null, reclassify: { result: plain } });
    const mended = (await rig.call({ path: `/api/v1/runs/${podWorkflowId('test', open[0]!)}` })).json as RunDetails;
    expect(mended.podLifecycle?.failures).toEqual({ count: 0, items: [] });
  }, 120_000);

  it('is started once per Idempotency-Key, whatever comes of the first answer', async () => {
    const key = randomUUID();
    const body = { filter: { namespace: 'nowhere' }, reason: 'one' };
    const first = await start(body, keyed(key));
    expect(first).toMatchObject({ replayId: key, started: true });
    expect(await start(body, keyed(key))).toEqual({ ...first, started: false });
    await ended(key);
    expect(await start(body, keyed(key))).toEqual({ ...first, started: false });
    const other = await post({ ...body, reason: 'two' }, keyed(key));
    expect(other).toMatchObject({ status: 422, code: 'idempotency_conflict' });
    expect((await post(body, keyed(key))).headers['location']).toBe(`${root}/${key}`);
    expect((await start(body)).replayId).not.toBe((await start(body)).replayId);
  }, 60_000);

  it('leaves an id alone that somebody else has', async () => {
    const requestId = randomUUID();
    await startReplay({
      workflow: rig.client.workflow,
      cluster: 'test',
      requestId,
      filter: { select: 'failed', namespace: 'nowhere' },
      dryRun: true,
      reason: '',
    });
    expect(await post({}, keyed(requestId))).toMatchObject({ status: 409, code: 'already_exists' });
    expect(await ended(requestId)).toMatchObject({ progress: { dryRun: true } });
  }, 60_000);

  it('takes all failed runs when nothing is asked, with and without a body', async () => {
    for (const body of [undefined, {}]) {
      const { replayId } = await start(body);
      expect((await ended(replayId)).progress).toMatchObject({ filter: { select: 'failed' }, dryRun: false });
    }
  }, 60_000);

  it('is cancelled, and cancelled again', async () => {
    rules = failingRule('team-of');
    await startFailedRuns(rig.servers, { namespace: 'slow', open: 4, closed: 0 });
    const { replayId, workflowId, runId } = await start({ filter: { namespace: 'slow' }, runsPerSecond: 1 });
    const asked = await cancel(replayId);
    expect(asked).toMatchObject({ status: 202, json: { replayId, workflowId, runId, cancelling: true } });
    expect((await ended(replayId)).progress?.state).toBe('cancelled');
    expect(await cancel(replayId)).toMatchObject({ status: 202, json: { cancelling: false } });
  }, 60_000);

  it('refuses what it does not know, naming each place', async () => {
    for (const [body, path] of [
      [{ dryrun: true }, 'body.dryrun'],
      [{ filter: { select: 'some' } }, 'body.filter.select'],
      [{ filter: { namespace: `x' OR 'a' = 'a` } }, 'body.filter.namespace'],
      [{ filter: { cause: 'OOMKiled' } }, 'body.filter.cause'],
      [{ filter: { cluster: 'other' } }, 'body.filter.cluster'],
      [{ filter: { from: 'yesterday' } }, 'body.filter.from'],
      [{ runsPerSecond: 0 }, 'body.runsPerSecond'],
      [{ reason: 'x'.repeat(1001) }, 'body.reason'],
      [{ requestedAt: '2026-01-01T00:00:00Z' }, 'body.requestedAt'],
      [[], 'body'],
    ] as const) {
      expect([path, await post(body)]).toMatchObject([path, { status: 422, json: { errors: [{ path }] } }]);
    }
    expect(await post({}, keyed('a key'))).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await get('a%20key')).toMatchObject({ status: 400, json: { errors: [{ path: 'path.replayId' }] } });
  }, 60_000);

  it('does not know replays that are not there, and those of another cluster', async () => {
    const requestId = randomUUID();
    await startReplay({
      workflow: rig.client.workflow,
      cluster: 'other',
      requestId,
      filter: { select: 'failed' },
      dryRun: true,
      reason: '',
    });
    for (const replayId of [requestId, 'nobody']) {
      expect(await get(replayId)).toMatchObject({ status: 404, code: 'not_found' });
      expect(await cancel(replayId)).toMatchObject({ status: 404, code: 'not_found' });
    }
  }, 60_000);

  it('is looked at with runs:read, started and cancelled with replays:write', async () => {
    for (const [call, scope, answer] of [
      [{ path: `${root}/nobody` }, 'runs:read', 404],
      [{ method: 'POST', path: root, body: { dryRun: true } }, 'replays:write', 202],
      [{ method: 'DELETE', path: `${root}/nobody` }, 'replays:write', 404],
    ] as const) {
      expect(await rig.call({ ...call, as: 'anonymous' })).toMatchObject({ status: 401 });
      const other = scope === 'runs:read' ? 'replays:write' : 'runs:read';
      expect(await rig.call({ ...call, as: [other, 'workflows:write'] })).toMatchObject({ status: 403 });
      expect(await rig.call({ ...call, as: [scope] })).toMatchObject({ status: answer });
    }
  }, 60_000);

  it('tells why it failed when it never could say how far it is', async () => {
    const replayId = randomUUID();
    const handle = await rig.client.workflow.start(replayClassificationsType, {
      workflowId: `replay/test/${replayId}`,
      taskQueue: taskQueues.pods,
      args: [{ cluster: 'test', filter: { select: 'some' } }],
    });
    await expect(handle.result()).rejects.toThrow();
    const [run, failure] = [expect.objectContaining({ status: 'FAILED' }) as unknown, { type: 'invalid_input' }];
    const told = await get(replayId);
    expect(told).toMatchObject({ status: 200, json: { replayId, run, failure, progress: null } });
    const shown = await rig.call({ path: `/api/v1/runs/replay/test/${replayId}` });
    expect(shown).toMatchObject({ status: 200, json: { run, failure, replayClassifications: null } });
  }, 60_000);

  it('is started and cancelled without a worker, but not asked', async () => {
    const first = await start({ filter: { namespace: 'nowhere' } });
    await ended(first.replayId);
    await pods.stop();
    const hasty = await rig.withLimits({ requestTimeoutSeconds: 4 });
    const { replayId } = await start({ filter: { namespace: 'nowhere' } });
    expect(await hasty.call({ path: `${root}/${replayId}` })).toMatchObject({ status: 503, code: 'no_worker' });
    // A replay that has ended left what it did behind.
    expect(await hasty.call({ path: `${root}/${first.replayId}` })).toMatchObject({ status: 200 });
    expect(await cancel(replayId)).toMatchObject({ status: 202, json: { cancelling: true } });
  }, 60_000);
});
