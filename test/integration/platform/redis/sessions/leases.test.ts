import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const key = 'a'.repeat(26);
const pod = (incarnation: number) => ({ key, incarnation, podUid: `u${incarnation}`, tenantHash: 't' });
const target = (incarnation: number) => ({ key, incarnation });

describe('leases', () => {
  let redis: SessionRedis;
  beforeAll(async () => {
    redis = await startSessionRedis();
  });
  beforeEach(async () => {
    await redis.direct.flushall();
  });
  afterAll(() => redis.close());

  const acquire = (incarnation: number) => valueOf(redis.leasesOf('one').acquire(target(incarnation)));
  const record = () => redis.direct.hgetall(redis.keys.record(key));
  const leases = () => redis.direct.hgetall(redis.keys.leases(key));

  it('are granted for the pod that serves the session, and for no other', async () => {
    await valueOf(redis.life.publish(pod(7)));
    expect(await acquire(7)).toBe('granted');
    expect(await acquire(6)).toBe('gone');
    expect(await acquire(8)).toBe('missing');
  });

  it('are not granted for a session Redis knows nothing of', async () => {
    expect(await acquire(7)).toBe('missing');
    expect(await leases()).toEqual({});
  });

  it('are not granted while it drains, and never again once it is sealed', async () => {
    await valueOf(redis.life.publish(pod(7)));
    await redis.direct.hset(redis.keys.record(key), 'state', 'draining');
    expect(await acquire(7)).toBe('draining');
    await valueOf(redis.life.seal(target(7), false));
    expect(await acquire(7)).toBe('gone');
    expect(await valueOf(redis.life.publish(pod(7)))).toBe(false);
    expect(await acquire(7)).toBe('gone');
  });

  it('last 15 s by the clock of Redis, and are extended by acquiring them again and by renewal', async () => {
    await valueOf(redis.life.publish(pod(7)));
    await acquire(7);
    const first = Number((await leases())['one']);
    expect(first - (await redis.now())).toBeGreaterThan(14_000);
    expect(first - (await redis.now())).toBeLessThanOrEqual(15_000);
    await redis.direct.hset(redis.keys.leases(key), 'one', first - 10_000);
    expect(await valueOf(redis.leasesOf('one').renew([target(7)]))).toEqual(['ok']);
    expect(Number((await leases())['one'])).toBeGreaterThanOrEqual(first);
  });

  it('are renewed many at once, each told how its session stands', async () => {
    await valueOf(redis.life.publish(pod(7)));
    const others = ['b', 'c', 'd'].map((letter) => letter.repeat(26));
    for (const other of others) await valueOf(redis.life.publish({ ...pod(7), key: other }));
    await redis.direct.hset(redis.keys.record(others[0]!), 'state', 'draining');
    await valueOf(redis.life.seal({ key: others[1]!, incarnation: 7 }, false));
    await redis.direct.del(redis.keys.record(others[2]!));
    const targets = [key, ...others].map((each) => ({ key: each, incarnation: 7 }));
    expect(await valueOf(redis.leasesOf('one').renew(targets))).toEqual(['ok', 'draining', 'gone', 'missing']);
    expect(await redis.direct.exists(redis.keys.leases(others[0]!))).toBe(1);
    expect(await redis.direct.exists(redis.keys.leases(others[1]!), redis.keys.leases(others[2]!))).toBe(0);
  });

  it('are renewed in parts when there are very many', async () => {
    const targets = Array.from({ length: 1203 }, (_, index) => ({ key: `k${index}`, incarnation: 1 }));
    const answers = await valueOf(redis.leasesOf('one').renew(targets));
    expect(answers).toHaveLength(1203);
    expect(new Set(answers)).toEqual(new Set(['missing']));
    expect(await valueOf(redis.leasesOf('one').renew([]))).toEqual([]);
  });

  it('tell when the last request ended, as they are released', async () => {
    await valueOf(redis.life.publish(pod(7)));
    await redis.direct.hset(redis.keys.record(key), 'activity', 0);
    await acquire(7);
    expect(await valueOf(redis.leasesOf('one').release(target(7), 2000))).toBe(true);
    const since = (await redis.now()) - Number((await record())['activity']);
    expect(since).toBeGreaterThanOrEqual(2000);
    expect(since).toBeLessThan(4000);
    expect(await leases()).toEqual({});
  });

  it('never set the last activity back, nor touch another pod of the session', async () => {
    await valueOf(redis.life.publish(pod(7)));
    const before = await record();
    expect(await valueOf(redis.leasesOf('one').release(target(7), 900_000))).toBe(true);
    expect(await valueOf(redis.leasesOf('one').release(target(6), 0))).toBe(false);
    expect(await valueOf(redis.leasesOf('one').release(target(8), 0))).toBe(false);
    expect(await record()).toEqual(before);
  });

  it('of a pod end when the next one serves the session', async () => {
    await valueOf(redis.life.publish(pod(7)));
    await acquire(7);
    await valueOf(redis.life.publish(pod(8)));
    expect(await leases()).toEqual({});
    expect(await acquire(7)).toBe('gone');
  });
});

describe('a gateway', () => {
  let redis: SessionRedis;
  beforeAll(async () => {
    redis = await startSessionRedis();
  });
  afterAll(() => redis.close());
  const gateways = () => redis.direct.hkeys(redis.keys.gateways);

  it('is on the list once it beats in the epoch its leases were sent to', async () => {
    const gateway = redis.leasesOf('one');
    const epoch = await valueOf(gateway.beat(''));
    expect(await gateways()).toEqual([]);
    expect(await valueOf(gateway.beat(epoch))).toBe(epoch);
    expect(await gateways()).toEqual(['one']);
  });

  it('hears of another epoch after Redis was emptied, and is not on the list until it has sent its leases again', async () => {
    const gateway = redis.leasesOf('one');
    const epoch = await valueOf(gateway.beat(''));
    await redis.direct.flushall();
    // An epoch is named by the millisecond it began in.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const next = await valueOf(gateway.beat(epoch));
    expect(next).not.toBe(epoch);
    expect(await gateways()).toEqual([]);
    await valueOf(gateway.beat(next));
    expect(await gateways()).toEqual(['one']);
  });

  it('leaves the list when it says so, and when it has been silent for 30 s', async () => {
    const [one, two] = [redis.leasesOf('one'), redis.leasesOf('two')];
    const epoch = await valueOf(one.beat(''));
    await valueOf(one.beat(epoch));
    await valueOf(two.beat(epoch));
    await valueOf(one.leave());
    expect(await gateways()).toEqual(['two']);
    await redis.direct.hset(redis.keys.gateways, 'two', (await redis.now()) - 30_001);
    await valueOf(one.beat(epoch));
    expect(await gateways()).toEqual(['one']);
  });
});
