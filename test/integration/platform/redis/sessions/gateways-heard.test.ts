import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const seconds = 60_000;

describe('an idle session that drains', () => {
  let redis: SessionRedis;
  let made = 0;
  beforeAll(async () => {
    redis = await startSessionRedis();
  }, seconds);
  afterAll(() => redis.close(), seconds);

  /** A session that has just begun to drain, and a gateway that lives and last beat before that. */
  const draining = async () => {
    made += 1;
    const key = `session-${made}`;
    const target = { key, incarnation: 5 };
    const gateway = redis.leasesOf(`gateway-${made}`);
    await redis.direct.del(redis.keys.gateways);
    await redis.ageEpoch();
    await redis.life.publish({ ...target, podUid: 'uid', tenantHash: 't' });
    const beat = async () => valueOf(gateway.beat(await valueOf(gateway.beat(''))));
    await beat();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const decided = await valueOf(redis.life.idleDecide({ ...target, podUid: 'uid', tenantHash: 't' }, 10));
    expect(decided.keep).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { target, gateway, beat };
  };

  it('is not sealed before its gateway was heard of, which may hold a request that Redis does not know of', async () => {
    const { target, beat } = await draining();
    expect(await valueOf(redis.life.gatewaysHeard(target))).toBe(false);
    expect(await valueOf(redis.life.seal(target, true))).toBe('unheard');
    await beat();
    expect(await valueOf(redis.life.gatewaysHeard(target))).toBe(true);
    expect(await valueOf(redis.life.seal(target, true))).toBe('sealed');
  });

  it('is kept by the lease that the gateway sends before its beat', async () => {
    const { target, gateway, beat } = await draining();
    // As after a cut: renewals of what is in flight are taken also while a session drains.
    expect(await valueOf(gateway.renew([target]))).toEqual(['draining']);
    await beat();
    expect(await valueOf(redis.life.seal(target, true))).toBe('lease');
  });

  it('is kept by a request that was over before its gateway came back', async () => {
    const { target, gateway, beat } = await draining();
    // Sent without a lease, because Redis could not be asked; it ended just now.
    expect(await valueOf(gateway.release(target, 0))).toBe(true);
    await beat();
    expect(await valueOf(redis.life.gatewaysHeard(target))).toBe(true);
    expect(await valueOf(redis.life.seal(target, true))).toBe('active');
    expect(await valueOf(redis.life.undrain(target, true))).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await valueOf(redis.life.idleDecide({ ...target, podUid: 'uid', tenantHash: 't' }, 10))).toMatchObject({
      keep: null,
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await beat();
    expect(await valueOf(redis.life.seal(target, true))).toBe('sealed');
  });

  it('is not kept by what was known before', async () => {
    const { target, gateway, beat } = await draining();
    expect(await valueOf(gateway.release(target, 60_000))).toBe(true);
    await beat();
    expect(await valueOf(redis.life.seal(target, true))).toBe('sealed');
  });

  it('does not wait for a gateway that is dead', async () => {
    const { target } = await draining();
    await redis.direct.hset(redis.keys.gateways, { 'gateway-dead': (await redis.now()) - 31_000 });
    await redis.direct.hset(redis.keys.gateways, { [`gateway-${made}`]: (await redis.now()) + 1000 });
    expect(await valueOf(redis.life.gatewaysHeard(target))).toBe(true);
    expect(await valueOf(redis.life.seal(target, true))).toBe('sealed');
  });

  it('is sealed without waiting when somebody asked for its end', async () => {
    const { target } = await draining();
    expect(await valueOf(redis.life.seal(target, false))).toBe('sealed');
  });
});
