import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createLeaseHolder } from '../../../../../triggers/gateway/leases/create-lease-holder.ts';
import type { HeldLease, LeaseHolder, LeaseTaken } from '../../../../../triggers/gateway/leases/lease-holder.ts';
import type { LeaseTimes } from '../../../../../triggers/gateway/leases/lease-times.ts';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const key = 'a'.repeat(26);
const route = { key, incarnation: 7 };
const pod = { key, incarnation: 7, podUid: 'u7', tenantHash: 't' };
const timeoutMs = 60_000;
/** The real ones, fifty times as fast. */
const quick: LeaseTimes = { grantMs: 200, renewEveryMs: 100, keptMs: 100, beatEveryMs: 40, againMs: 20, downMs: 10 };

function heldOf(taken: LeaseTaken): HeldLease & { readonly unleased: boolean } {
  if (taken.state !== 'held') throw new Error(`not held but ${taken.state}`);
  return { ...taken.lease, unleased: taken.unleased };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

describe('a lease holder', () => {
  let redis: SessionRedis;
  let holder: LeaseHolder;
  let metrics: ReturnType<typeof createMetrics>;
  let acquired: number;
  const start = (times: Partial<LeaseTimes>) => {
    metrics = createMetrics();
    acquired = 0;
    const store = redis.leasesOf('one');
    holder = createLeaseHolder({
      store: {
        ...store,
        acquire: (target) => {
          acquired += 1;
          return store.acquire(target);
        },
      },
      metrics,
      times,
    });
  };
  beforeEach(async () => {
    redis = await startSessionRedis();
    await valueOf(redis.life.publish(pod));
  }, timeoutMs);
  afterEach(async () => {
    await redis.server.signal('SIGCONT');
    await holder.close();
    await redis.close();
  }, timeoutMs);

  const leaseEnds = async () => Number((await redis.direct.hget(redis.keys.leases(key), 'one')) ?? 0);
  const isLive = async () => (await leaseEnds()) > (await redis.now());
  const isListed = async () => (await redis.direct.hexists(redis.keys.gateways, 'one')) === 1;
  const gauge = async () => (await metrics.sessionLeases.get()).values[0]?.value;
  const unleased = async () => (await metrics.sessionUnleased.get()).values[0]?.value ?? 0;

  it('asks Redis once for all who come at the same time, and answers at once while the grant is in force', async () => {
    start({});
    const taken = await Promise.all(Array.from({ length: 50 }, async () => await holder.take(route, 600)));
    expect(taken.map(({ state }) => state)).toEqual(Array.from({ length: 50 }, () => 'held'));
    expect(acquired).toBe(1);
    const more = holder.take(route, 600);
    expect(more).not.toBeInstanceOf(Promise);
    expect(acquired).toBe(1);
    expect(holder.count).toBe(1);
    expect(await gauge()).toBe(1);
    expect(await isLive()).toBe(true);
  });

  it('asks again once the grant is over, though the lease is kept', async () => {
    start({ ...quick, grantMs: 50, renewEveryMs: 10_000, keptMs: 10_000 });
    heldOf(await holder.take(route, 600)).release();
    await sleep(60);
    const taken = holder.take(route, 600);
    expect(taken).toBeInstanceOf(Promise);
    heldOf(await taken);
    expect(acquired).toBe(2);
  });

  it('renews the lease as long as a request is in flight, so that its grant goes on', async () => {
    start(quick);
    const lease = heldOf(await holder.take(route, 600));
    const before = await leaseEnds();
    await sleep(500);
    expect(await leaseEnds()).toBeGreaterThan(before + 200);
    expect(acquired).toBe(1);
    expect(holder.take(route, 600)).not.toBeInstanceOf(Promise);
    lease.release();
  });

  it('releases a lease a while after the last request, telling when that was', async () => {
    start(quick);
    await redis.direct.hset(redis.keys.record(key), 'activity', 0);
    const [one, two] = [heldOf(await holder.take(route, 600)), heldOf(await holder.take(route, 600))];
    one.release();
    one.release();
    await sleep(250);
    expect(await isLive()).toBe(true);
    const endedAtMs = await redis.now();
    two.release();
    expect(await isLive()).toBe(true);
    await until(() => holder.count === 0);
    expect(await leaseEnds()).toBe(0);
    const activity = Number(await redis.direct.hget(redis.keys.record(key), 'activity'));
    expect(Math.abs(activity - endedAtMs)).toBeLessThan(80);
    expect(await gauge()).toBe(0);
  });

  it('keeps a lease without requests for at most a quarter of the idle timeout', async () => {
    start({ keptMs: 60_000 });
    heldOf(await holder.take(route, 0.2)).release();
    await until(() => holder.count === 0);
    expect(await leaseEnds()).toBe(0);
  });

  it('tells requests in flight that the session drains, takes no new one, and does so again once it is called back', async () => {
    start(quick);
    const lease = heldOf(await holder.take(route, 600));
    await redis.direct.hset(redis.keys.record(key), 'state', 'draining');
    await until(() => lease.ending.aborted);
    expect(await holder.take(route, 600)).toEqual({ state: 'draining' });
    expect(await isLive()).toBe(true);
    await valueOf(redis.life.undrain(pod, true));
    const next = heldOf(await holder.take(route, 600));
    expect(next.ending.aborted).toBe(false);
    lease.release();
    next.release();
  });

  it('releases at once when the last request of a session that drains ends', async () => {
    start({ ...quick, keptMs: 60_000 });
    const lease = heldOf(await holder.take(route, 600));
    await redis.direct.hset(redis.keys.record(key), 'state', 'draining');
    await until(() => lease.ending.aborted);
    lease.release();
    await until(() => holder.count === 0);
    expect(await leaseEnds()).toBe(0);
  });

  it('tells requests in flight that their pod is gone, and gives no more leases on it', async () => {
    start(quick);
    const lease = heldOf(await holder.take(route, 600));
    await valueOf(redis.life.seal(pod, false));
    await until(() => lease.ending.aborted);
    expect(await holder.take(route, 600)).toEqual({ state: 'gone' });
    expect(await holder.take({ key, incarnation: 8 }, 600)).toEqual({ state: 'missing' });
    lease.release();
    await until(() => holder.count === 0);
  });

  it('says that Redis knows nothing of a session, and keeps the requests in flight', async () => {
    start(quick);
    const lease = heldOf(await holder.take(route, 600));
    await redis.direct.flushall();
    await until(async () => (await holder.take(route, 600)).state === 'missing');
    expect(lease.ending.aborted).toBe(false);
    await valueOf(redis.life.publish(pod));
    await until(isLive);
    heldOf(await holder.take(route, 600)).release();
    lease.release();
  });

  it('is on the list of gateways only after all its leases were sent to a new epoch', async () => {
    start(quick);
    const lease = heldOf(await holder.take(route, 600));
    await until(isListed);
    await redis.direct.multi().flushall().hset(redis.keys.record(key), { state: 'ready', incarnation: 7 }).exec();
    let live = false;
    await until(async () => {
      // In this order: once on the list, the lease was there before.
      const listed = await isListed();
      live = await isLive();
      return listed;
    });
    expect(live).toBe(true);
    lease.release();
  });

  it(
    'serves without a lease while Redis is killed, counts that, and sends the leases before a beat counts again',
    async () => {
      start(quick);
      const before = heldOf(await holder.take(route, 600));
      await redis.server.signal('SIGKILL');
      await sleep(250);
      const lease = heldOf(await holder.take(route, 600));
      expect(lease.unleased).toBe(true);
      expect(await unleased()).toBe(1);
      expect(before.ending.aborted).toBe(false);
      await redis.server.restart();
      // What Redis would know again from its run.
      await until(async () => (await redis.direct.ping().catch(() => '')) === 'PONG');
      await until(async () => {
        await redis.life.publish(pod);
        return isLive();
      });
      await until(isListed);
      const served = await holder.take(route, 600);
      expect(heldOf(served).unleased).toBe(false);
      before.release();
      lease.release();
    },
    timeoutMs,
  );

  it(
    'serves without a lease while Redis hangs, and tells of the use once it goes on',
    async () => {
      start(quick);
      await until(isListed);
      await redis.direct.hset(redis.keys.record(key), 'activity', 0);
      await redis.server.signal('SIGSTOP');
      const lease = heldOf(await holder.take(route, 600));
      expect(lease.unleased).toBe(true);
      lease.release();
      await sleep(1500);
      await redis.server.signal('SIGCONT');
      await until(() => holder.count === 0);
      expect(Number(await redis.direct.hget(redis.keys.record(key), 'activity'))).toBeGreaterThan(0);
      await until(isListed);
    },
    timeoutMs,
  );

  it('releases everything and leaves the list when it is closed', async () => {
    start({});
    heldOf(await holder.take(route, 600)).release();
    await until(isListed);
    await holder.close();
    expect(await leaseEnds()).toBe(0);
    expect(await isListed()).toBe(false);
    expect(holder.count).toBe(0);
  });
});
