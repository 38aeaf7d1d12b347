import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createMetrics } from '../../../../platform/metrics.ts';
import { type KnownPod, createKnownPodsStore } from '../../../../platform/redis/known-pods.ts';
import { type RedisClient, createRedis } from '../../../../platform/redis/redis.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { type RedisServer, startRedisServer } from '../../../helpers/redis-server.ts';

const pod = (name: string, version = '1', hasRun = true): KnownPod => ({ namespace: 'shop', name, version, hasRun });
const key = 'podkeeper:local:watch:all:pods';

describe('known pods in Redis', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let direct: Redis;
  const store = (scopeName = 'all') => createKnownPodsStore({ redis, cluster: 'local', scopeName });
  const write = (interval: number, attempt: number, pods: Record<string, KnownPod> = {}, deletes: string[] = []) =>
    store().write({ fence: { interval, attempt }, upserts: new Map(Object.entries(pods)), deletes, whole: true });
  const applied = { ok: true, value: { applied: true, complete: true } };
  const refused = { ok: true, value: { applied: false, complete: false } };
  const holding = (pods: ReadonlyMap<string, KnownPod>) => ({ ok: true, value: { pods, complete: true } });

  beforeAll(async () => {
    server = await startRedisServer();
    direct = new Redis({ host: server.host, port: server.port });
    redis = await createRedis({ ...server, password: '', metrics: createMetrics(), logger: captureLog().logger });
  });
  beforeEach(async () => {
    await direct.flushall();
  });
  afterAll(async () => {
    redis.close();
    direct.disconnect();
    await server.stop();
  });

  it('are complete after a whole write, even of none, and not before', async () => {
    expect(await store().load()).toEqual({ ok: true, value: { pods: new Map(), complete: false } });
    await write(1, 1);
    expect(await store().load()).toEqual(holding(new Map()));
  });

  it('are not complete after a part was written to an emptied Redis, and tell their writer so', async () => {
    const part = { fence: { interval: 1, attempt: 1 }, upserts: new Map([['c', pod('c')]]), deletes: [] };
    expect(await write(1, 1, { a: pod('a'), b: pod('b') })).toEqual(applied);
    expect(await store().write(part)).toEqual(applied);
    await direct.flushall();
    expect(await store().write(part)).toEqual({ ok: true, value: { applied: true, complete: false } });
    expect(await store().load()).toEqual({ ok: true, value: { pods: new Map([['c', pod('c')]]), complete: false } });
  });

  it('come back as they were written, without the deleted ones', async () => {
    expect(await write(1, 1, { a: pod('a'), b: pod('b', '9007199254740993', false) })).toEqual(applied);
    expect(await write(1, 1, { c: pod('c') }, ['a', 'never-there'])).toEqual(applied);
    const expected = new Map([
      ['b', pod('b', '9007199254740993', false)],
      ['c', pod('c')],
    ]);
    expect(await store().load()).toEqual(holding(expected));
  });

  it('are kept per scope', async () => {
    await write(1, 1, { a: pod('a') });
    expect(await store('other').load()).toEqual({ ok: true, value: { pods: new Map(), complete: false } });
  });

  it('are written and read whole when there are many, in calls of at most 500 entries', async () => {
    const upserts = new Map(Array.from({ length: 3210 }, (_, index) => [`uid-${index}`, pod(`pod-${index}`)]));
    await direct.config('RESETSTAT');
    expect(await store().write({ fence: { interval: 1, attempt: 1 }, upserts, deletes: [], whole: true })).toEqual(
      applied,
    );
    const loaded = await store().load();
    expect(loaded).toEqual(holding(upserts));
    const stats = await direct.info('commandstats');
    const calls = Number(/cmdstat_hset:calls=(\d+)/.exec(stats)?.[1]);
    expect(calls).toBeGreaterThanOrEqual(Math.ceil(3210 / 500));
    const deletes = [...upserts.keys()].slice(1);
    expect(await store().write({ fence: { interval: 1, attempt: 1 }, upserts: new Map(), deletes })).toEqual(applied);
    expect((await direct.hkeys(key)).sort()).toEqual(['#complete', '#fence', 'uid-0']);
  });

  it.each([
    { writer: [3, 1], holder: [3, 2], why: 'an earlier attempt' },
    { writer: [9, 99], holder: [10, 1], why: 'an earlier interval, compared as a number' },
    { writer: [1, 9], holder: [1, 10], why: 'an earlier attempt, compared as a number' },
  ])('refuse the write of $why, and change nothing', async ({ writer, holder }) => {
    await write(holder[0]!, holder[1]!, { a: pod('a', 'new') });
    expect(await write(writer[0]!, writer[1]!, { a: pod('a', 'old'), b: pod('b') }, ['a'])).toEqual(refused);
    expect(await store().load()).toEqual(holding(new Map([['a', pod('a', 'new')]])));
  });

  it('take the write of the same holder again, of the next attempt and of the next interval', async () => {
    await write(1, 1);
    for (const [interval, attempt] of [
      [1, 1],
      [1, 1],
      [1, 2],
      [2, 1],
      [1_790_000_000_000, 1],
    ] as const) {
      expect(await write(interval, attempt, { a: pod('a') })).toEqual(applied);
    }
  });

  it('are claimed by an empty write, so that the holder before cannot write any more', async () => {
    await write(1, 1, { a: pod('a') });
    expect(await write(1, 2)).toEqual(applied);
    expect(await write(1, 1, { b: pod('b') })).toEqual(refused);
  });

  it('leave out entries that are not known pods', async () => {
    await direct.hset(key, { a: 'not json', b: '{"namespace":"x"}', c: '"text"', d: 'null' });
    await write(1, 1, { e: pod('e') });
    expect(await store().load()).toEqual(holding(new Map([['e', pod('e')]])));
  });

  it('can be written after the server forgot the script', async () => {
    await write(1, 1, { a: pod('a') });
    await direct.script('FLUSH');
    expect(await write(1, 1, { b: pod('b') })).toEqual(applied);
  });
});
