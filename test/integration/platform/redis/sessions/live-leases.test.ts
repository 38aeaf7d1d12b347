import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const key = 'a'.repeat(26);

describe('whether a request may be in flight', () => {
  let redis: SessionRedis;
  beforeAll(async () => {
    redis = await startSessionRedis();
  });
  afterAll(() => redis.close());
  const live = (incarnation: number) => valueOf(redis.life.hasLiveLeases({ key, incarnation }));

  it('a lease of this pod says yes until it is released or over; one of another pod, and none, say no', async () => {
    expect(await live(7)).toBe(false);
    await valueOf(redis.life.publish({ key, incarnation: 7, podUid: 'u7', tenantHash: 't' }));
    expect(await live(7)).toBe(false);
    const leases = redis.leasesOf('one');
    await valueOf(leases.acquire({ key, incarnation: 7 }));
    expect(await live(7)).toBe(true);
    expect(await live(6)).toBe(false);
    await redis.direct.hset(redis.keys.leases(key), 'one', (await redis.now()) - 1);
    expect(await live(7)).toBe(false);
    await valueOf(leases.acquire({ key, incarnation: 7 }));
    await valueOf(leases.release({ key, incarnation: 7 }, 0));
    expect(await live(7)).toBe(false);
  });

  it('also without a record: what is not known for sure counts as a request', async () => {
    await redis.direct.flushall();
    await redis.direct.hset(redis.keys.leases(key), 'one', (await redis.now()) + 10_000);
    expect(await live(7)).toBe(true);
  });
});
