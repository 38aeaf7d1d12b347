import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AdmissionLimits, Slot } from '../../../../../platform/redis/sessions/admission/admission.ts';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const limits: AdmissionLimits = { sessions: 3, sessionsPerTenant: 2, startsPerSecond: 1000, startsAtOnce: 1000 };
const slot = (key: string, tenantHash = 't'): Slot => ({ key, tenantHash });

let redis: SessionRedis;
beforeAll(async () => {
  redis = await startSessionRedis();
});
beforeEach(async () => {
  await redis.direct.flushall();
  await rebuild([]);
});
afterAll(() => redis.close());

const rebuild = async (slots: readonly Slot[]) =>
  valueOf(redis.admission.rebuild(await valueOf(redis.admission.epoch()), slots));
const admit = async (key: string, tenantHash = 't', own: Partial<AdmissionLimits> = {}) =>
  (await valueOf(redis.admission.admit(slot(key, tenantHash), { ...limits, ...own }))).answer;
/** As if the time of all reservations had passed. */
const endReservations = async () => {
  for (const key of await redis.direct.zrange(redis.keys.reservations, '0', '-1')) {
    await redis.direct.zadd(redis.keys.reservations, '1', key);
  }
};

describe('admission', () => {
  it('gives each session one slot, however often it is asked', async () => {
    expect(await admit('a')).toBe('admitted');
    expect(await admit('a')).toBe('known');
    expect(await admit('b')).toBe('admitted');
  });

  it('gives no more slots than there are, in all and per tenant', async () => {
    expect([await admit('a'), await admit('b'), await admit('c')]).toEqual(['admitted', 'admitted', 'tenant_limit']);
    expect([await admit('d', 'u'), await admit('e', 'u')]).toEqual(['admitted', 'cluster_limit']);
  });

  it('gives exactly as many as there are to many who ask at once', async () => {
    const asked = Array.from({ length: 200 }, (_, index) =>
      admit(`s${index}`, 't', { sessions: 50, sessionsPerTenant: 50 }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'admitted')).toHaveLength(50);
  });

  it('takes back a slot that no run confirms, and never one that a run has', async () => {
    await admit('a');
    await admit('b');
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    await endReservations();
    expect(await admit('c')).toBe('admitted');
    expect(await admit('d')).toBe('tenant_limit');
    expect(await admit('a')).toBe('known');
  });

  it('counts a confirmed session whose reservation had already ended', async () => {
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    expect([await admit('b'), await admit('c')]).toEqual(['admitted', 'tenant_limit']);
  });

  it('is given back by the run that holds it, once', async () => {
    await admit('a');
    await admit('b');
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    expect(await valueOf(redis.admission.release('a', 'r1'))).toBe(true);
    expect(await valueOf(redis.admission.release('a', 'r1'))).toBe(false);
    expect([await admit('c'), await admit('d')]).toEqual(['admitted', 'tenant_limit']);
  });

  it('keeps nothing of a tenant that has no session', async () => {
    for (const [key, tenant] of [
      ['a', 't'],
      ['b', 'u'],
    ] as const)
      await admit(key, tenant);
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    expect(await valueOf(redis.admission.release('a', 'r1'))).toBe(true);
    await endReservations();
    expect(await admit('c', 'v')).toBe('admitted');
    expect(await redis.direct.hgetall(redis.keys.tenantSlots)).toEqual({ v: '1' });
  });

  it('goes on with starts at once after the clock of Redis went back', async () => {
    const own = { startsPerSecond: 1, startsAtOnce: 5 };
    await admit('a', 't', own);
    await redis.direct.hset(redis.keys.starts('t'), 'at', (await redis.now()) + 3_600_000);
    expect(await admit('b', 't', own)).toBe('admitted');
  });

  it('is not given back by an older run, nor while it waits for the next one', async () => {
    await admit('a');
    expect(await valueOf(redis.admission.release('a', 'r1'))).toBe(false);
    await valueOf(redis.admission.confirm(slot('a'), 'r2'));
    expect(await valueOf(redis.admission.release('a', 'r1'))).toBe(false);
    expect(await admit('a')).toBe('known');
  });

  it('lets a tenant start only so many at once, and says when the next', async () => {
    const slow = { startsPerSecond: 1, startsAtOnce: 2, sessions: 100, sessionsPerTenant: 100 };
    expect([await admit('a', 't', slow), await admit('b', 't', slow), await admit('c', 't', slow)]).toEqual([
      'admitted',
      'admitted',
      'too_fast',
    ]);
    const { retryMs } = await valueOf(redis.admission.admit(slot('c'), { ...limits, ...slow }));
    expect(retryMs).toBeGreaterThan(0);
    expect(retryMs).toBeLessThanOrEqual(1000);
    expect(await admit('d', 'u', slow)).toBe('admitted');
  });
});

describe('after Redis was emptied', () => {
  it('no session is admitted until those there are were counted', async () => {
    await admit('a');
    await redis.direct.flushall();
    expect(await admit('b')).toBe('rebuilding');
    expect(await rebuild([slot('a'), slot('x')])).toBe(true);
    expect([await admit('a'), await admit('b')]).toEqual(['known', 'tenant_limit']);
  });

  it('the count does not hold when Redis was emptied while it was taken', async () => {
    const epoch = await valueOf(redis.admission.epoch());
    await redis.direct.flushall();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await valueOf(redis.admission.rebuild(epoch, [slot('a')]))).toBe(false);
    expect(await admit('b')).toBe('rebuilding');
  });

  it('two who count at once add up, also in many parts', async () => {
    await redis.direct.flushall();
    const many = Array.from({ length: 1203 }, (_, index) => slot(`s${index}`));
    expect(await Promise.all([rebuild(many), rebuild(many)])).toEqual([true, true]);
    expect(await redis.direct.hget(redis.keys.tenantSlots, 't')).toBe('1203');
    expect(await admit('s7')).toBe('known');
  });

  it('what was counted and has no run is given up like a reservation', async () => {
    await redis.direct.flushall();
    await rebuild([slot('a'), slot('b')]);
    await valueOf(redis.admission.confirm(slot('a'), 'r1'));
    await endReservations();
    expect([await admit('c'), await admit('d')]).toEqual(['admitted', 'tenant_limit']);
  });
});

describe('a sweep, and runs that come late', () => {
  it('prolongs a reservation, and touches no slot that a run has', async () => {
    await admit('a');
    await admit('b');
    await valueOf(redis.admission.confirm(slot('b'), 'r1'));
    const soon = (await redis.now()) + 1000;
    await redis.direct.zadd(redis.keys.reservations, String(soon), 'a');
    expect(await rebuild([slot('a'), slot('b')])).toBe(true);
    expect(Number(await redis.direct.zscore(redis.keys.reservations, 'a'))).toBeGreaterThan(soon + 100_000);
    expect(await redis.direct.zscore(redis.keys.reservations, 'b')).toBeNull();
    expect(await valueOf(redis.admission.confirmed())).toEqual([{ key: 'b', runId: 'r1' }]);
  });

  it('never shortens a reservation', async () => {
    await admit('a');
    const late = (await redis.now()) + 900_000;
    await redis.direct.zadd(redis.keys.reservations, String(late), 'a');
    await rebuild([slot('a')]);
    expect(await redis.direct.zscore(redis.keys.reservations, 'a')).toBe(String(late));
  });

  it('a slot that was lost is made again for a pod that is there, and for a new one only within the limit', async () => {
    await Promise.all(['a', 'b'].map((key) => admit(key)));
    const confirm = (key: string, sessions?: number) => valueOf(redis.admission.confirm(slot(key), 'r', sessions));
    expect(await confirm('a', 2)).toBe('confirmed');
    expect(await confirm('lost', 2)).toBe('cluster_limit');
    expect(await confirm('lost', 3)).toBe('confirmed');
    expect(await confirm('serving')).toBe('confirmed');
    await redis.direct.flushall();
    expect(await confirm('lost', 3)).toBe('admission_rebuilding');
    expect(await confirm('serving')).toBe('confirmed');
    expect(await rebuild([])).toBe(true);
    expect(await confirm('lost', 3)).toBe('confirmed');
  });
});
