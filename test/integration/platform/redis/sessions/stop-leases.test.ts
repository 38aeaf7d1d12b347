import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const key = 'a'.repeat(26);

describe('a session that was ended and drains', () => {
  let redis: SessionRedis;
  beforeAll(async () => {
    redis = await startSessionRedis();
  });
  afterAll(() => redis.close());
  const live = (incarnation: number) => valueOf(redis.life.stopLeases({ key, incarnation }));
  const published = { key, incarnation: 7, podUid: 'u7', tenantHash: 't' };

  it('a lease of this pod says yes until it is released or over; one of another pod, and none, say no', async () => {
    expect(await live(7)).toBe(false);
    await valueOf(redis.life.publish(published));
    const leases = redis.leasesOf('one');
    await valueOf(leases.acquire({ key, incarnation: 7 }));
    expect(await live(7)).toBe(true);
    expect(await live(6)).toBe(false);
    await redis.direct.hset(redis.keys.leases(key), 'one', (await redis.now()) - 1);
    expect(await live(7)).toBe(false);
    await valueOf(redis.life.publish(published));
    await valueOf(leases.acquire({ key, incarnation: 7 }));
    await valueOf(leases.release({ key, incarnation: 7 }, 0));
    expect(await live(7)).toBe(false);
  });

  it('gets no new request; those in flight hold their lease, and are told', async () => {
    await redis.direct.flushall();
    await valueOf(redis.life.publish(published));
    const [one, other] = [redis.leasesOf('one'), redis.leasesOf('other')];
    const target = { key, incarnation: 7 };
    await valueOf(one.acquire(target));
    expect(await live(6)).toBe(false);
    expect(await valueOf(one.renew([target]))).toEqual(['ok']);
    expect(await live(7)).toBe(true);
    expect(await valueOf(other.acquire(target))).toBe('draining');
    expect(await valueOf(one.renew([target]))).toEqual(['draining']);
    expect(await live(7)).toBe(true);
  });

  it('takes requests again when the next run takes its pod over; one that is sealed does not', async () => {
    await valueOf(redis.life.publish(published));
    const target = { key, incarnation: 7 };
    expect(await valueOf(redis.leasesOf('other').acquire(target))).toBe('granted');
    await valueOf(redis.life.seal(target, false));
    expect(await live(7)).toBe(false);
    expect(await valueOf(redis.life.publish(published))).toBe(false);
    expect(await valueOf(redis.leasesOf('other').acquire(target))).toBe('gone');
  });

  it('also without a record: what is not known for sure counts as a request', async () => {
    await redis.direct.flushall();
    await redis.direct.hset(redis.keys.leases(key), 'one', (await redis.now()) + 10_000);
    expect(await live(7)).toBe(true);
  });
});
