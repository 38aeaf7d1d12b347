import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taskQueues } from '../../../../../domain/task-queues.ts';
import { searchAttributePairs } from '../../../../../domain/search-attributes.ts';
import { encodeCursor } from '../../../../../triggers/http/runs/page-cursor.ts';
import type { RunList } from '../../../../../triggers/http/runs/list-runs.ts';
import { runsRoutes } from '../../../../../triggers/http/routes/runs.ts';
import { podLifecycleType } from '../../../../../workflows/pod-lifecycle.messages.ts';
import { type HttpRig, startHttpRig } from '../../../../helpers/http/http-rig.ts';
import { untilListed } from '../../../../helpers/http/seed-runs.ts';

// Of double quotes and backslashes the local server's store finds none, however they are escaped; no name has them.
const odd = `it's a' OR 'b' = 'b`;
const injections = [
  `x' OR PodkeeperCluster = 'other`,
  `\\' OR PodkeeperCluster = 'other`,
  `' OR ''='`,
  `x\\`,
  `"' OR 1=1 --`,
  `') OR (WorkflowType = 'podLifecycle`,
];

describe('GET /api/v1/runs', () => {
  let rig: HttpRig;
  const list = async (query: Readonly<Record<string, string | readonly string[]>>, limits?: HttpRig) =>
    await (limits ?? rig).call({ path: '/api/v1/runs', query });
  const listed = async (query: Readonly<Record<string, string>>) =>
    ((await list(query)).json as RunList).items.map(({ workflowId }) => workflowId);
  const problem = async (query: Readonly<Record<string, string | readonly string[]>>) => {
    const { status, json } = await list(query);
    return { status, errors: (json as { errors?: readonly unknown[] }).errors };
  };

  // No worker runs: lists need none.
  beforeAll(async () => {
    rig = await startHttpRig({ routes: [runsRoutes] });
    const start = async (name: string, { cluster = 'test', owner = 'ReplicaSet/web', type = podLifecycleType } = {}) =>
      await rig.client.workflow.start(type, {
        workflowId: `pod/${cluster}/shop/${name}/uid-${name}`,
        taskQueue: taskQueues.pods,
        args: [],
        typedSearchAttributes: searchAttributePairs({
          cluster,
          namespace: 'shop',
          pod: name,
          owner,
          node: 'node-1',
          cause: 'OOMKilled',
          severity: 'high',
          state: 'Degraded',
          tags: ['pod', 'update', 'incident'],
          restarts: 3,
        }),
      });
    for (let index = 0; index < 7; index += 1) await start(`web-${index}`);
    await start('odd', { owner: odd });
    await start('foreign', { cluster: 'other' });
    await start('stranger', { type: 'somebodyElses' });
    const ended = await start('ended');
    await ended.terminate();
    await untilListed(rig, {}, 9);
    await untilListed(rig, { status: 'terminated' }, 1);
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  it('shows the runs of this cluster only, and of Podkeeper only', async () => {
    const ids = await listed({});
    expect(ids).toHaveLength(9);
    expect(ids.filter((id) => !id.startsWith('pod/test/shop/') || id.includes('stranger'))).toEqual([]);
  });

  it('tells of each run all that its row has', async () => {
    const { json } = await list({ pod: 'web-3' });
    const handle = await rig.client.workflow.getHandle('pod/test/shop/web-3/uid-web-3').describe();
    expect(json).toEqual({
      items: [
        {
          workflowId: 'pod/test/shop/web-3/uid-web-3',
          runId: handle.runId,
          type: 'podLifecycle',
          status: 'RUNNING',
          startedAt: handle.startTime.toISOString(),
          closedAt: null,
          state: 'Degraded',
          cause: 'OOMKilled',
          severity: 'high',
          restarts: 3,
          tags: ['pod', 'update', 'incident'],
          url: expect.stringContaining(handle.runId) as unknown,
        },
      ],
      nextCursor: null,
    });
  });

  it('pages to the end without repeating or leaving out a run', async () => {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const { status, json } = await list({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      expect(status).toBe(200);
      const { items, nextCursor } = json as RunList;
      pages.push(items.map(({ workflowId }) => workflowId));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(pages.length).toBeGreaterThan(4);
    expect(pages.flat()).toEqual(await listed({}));
    expect(new Set(pages.flat()).size).toBe(9);
  }, 30_000);

  it('narrows by every filter', async () => {
    const one = ['pod/test/shop/web-0/uid-web-0'];
    for (const [name, value, other] of [
      ['type', 'podLifecycle', 'watchPods'],
      ['namespace', 'shop', 'shop2'],
      ['owner', 'ReplicaSet/web', 'ReplicaSet/we'],
      ['node', 'node-1', 'node-2'],
      ['cause', 'OOMKilled', 'AppError'],
      ['severity', 'high', 'low'],
      ['state', 'Degraded', 'Healthy'],
      ['tag', 'incident', 'delete'],
      ['status', 'RUNNING', 'COMPLETED'],
      ['from', '2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'],
      ['to', '2099-01-01T02:00:00+02:00', '2020-01-01T00:00:00Z'],
    ] as const) {
      expect([name, await listed({ pod: 'web-0', [name]: value })]).toEqual([name, one]);
      expect([name, await listed({ pod: 'web-0', [name]: other })]).toEqual([name, []]);
    }
  }, 60_000);

  it('bounds by start time: from is in, to is out', async () => {
    const { startTime } = await rig.client.workflow.getHandle('pod/test/shop/web-0/uid-web-0').describe();
    const at = new Date(startTime).toISOString();
    const after = new Date(startTime.getTime() + 1).toISOString();
    expect(await listed({ pod: 'web-0', from: at, to: after })).toHaveLength(1);
    expect(await listed({ pod: 'web-0', from: after })).toEqual([]);
    expect(await listed({ pod: 'web-0', to: at })).toEqual([]);
  }, 30_000);

  it('takes a status in any case', async () => {
    expect(await listed({ status: 'terminated' })).toEqual(['pod/test/shop/ended/uid-ended']);
  });

  it('finds a value with quotes, and lets none of them out of its place', async () => {
    expect(await listed({ owner: odd })).toEqual(['pod/test/shop/odd/uid-odd']);
    // One attribute each: the server takes ten lists a second, and all attributes are quoted by the same function.
    const names = ['namespace', 'pod', 'owner', 'node', 'state'] as const;
    for (const [index, value] of injections.entries()) {
      const name = names[index % names.length]!;
      expect([name, value, await listed({ [name]: value })]).toEqual([name, value, []]);
      // None of them can be a tag.
      expect(await problem({ tag: value })).toMatchObject({ status: 400, errors: [{ path: 'query.tag' }] });
    }
  }, 30_000);

  it('refuses what it does not know, naming the place', async () => {
    for (const [query, path] of [
      [{ cluster: 'other' }, 'query.cluster'],
      [{ query: "PodkeeperCluster = 'other'" }, 'query.query'],
      [{ limit: '0' }, 'query.limit'],
      [{ limit: '201' }, 'query.limit'],
      [{ limit: 'ten' }, 'query.limit'],
      [{ namespace: '' }, 'query.namespace'],
      [{ namespace: ['a', 'b'] }, 'query.namespace'],
      [{ pod: 'x'.repeat(256) }, 'query.pod'],
      [{ cause: 'OOMKiled' }, 'query.cause'],
      [{ severity: 'worst' }, 'query.severity'],
      [{ type: 'somebodyElses' }, 'query.type'],
      [{ status: 'dead' }, 'query.status'],
      [{ tag: '"' }, 'query.tag'],
      [{ from: 'yesterday' }, 'query.from'],
      [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'query.to'],
    ] as const) {
      expect(await problem(query)).toMatchObject({ status: 400, errors: [{ path }] });
    }
  });

  it('refuses a cursor that is forged, cut off, or of another filter', async () => {
    const { nextCursor } = (await list({ limit: '2' })).json as RunList;
    expect(nextCursor).not.toBeNull();
    const bytes = Buffer.from(nextCursor!, 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    for (const cursor of [
      'x',
      '',
      '%%%',
      `${nextCursor} `,
      nextCursor!.slice(0, 20),
      nextCursor!.slice(0, -4),
      Buffer.from('{}').toString('base64url'),
      bytes.toString('base64url'),
      encodeCursor({ cluster: 'other' }, Buffer.from('{}')),
    ]) {
      const { status, errors } = await problem({ cursor });
      expect([cursor, status, errors]).toMatchObject([cursor, 400, [{ path: 'query.cursor' }]]);
    }
    expect(await problem({ cursor: nextCursor!, pod: 'web-0' })).toMatchObject({ status: 400 });
    expect(await problem({ cursor: nextCursor!, limit: '3' })).toMatchObject({ status: 200 });
  }, 30_000);

  it('says so when Temporal cannot be reached', async () => {
    const answer = await list({}, await rig.withoutTemporal());
    expect(answer).toMatchObject({ status: 503, code: 'temporal_unavailable' });
  });

  it('is for callers with runs:read', async () => {
    const path = '/api/v1/runs';
    expect(await rig.call({ path, as: 'anonymous' })).toMatchObject({ status: 401 });
    expect(await rig.call({ path, as: ['workflows:write', 'events:write'] })).toMatchObject({ status: 403 });
    expect(await rig.call({ path, as: ['runs:read'] })).toMatchObject({ status: 200 });
  });
});
