import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import type { RedisResult } from '../../../../../platform/redis/redis.ts';
import type { LeaseStore } from '../../../../../platform/redis/sessions/leases/leases.ts';
import { createLeaseHolder } from '../../../../../triggers/gateway/leases/create-lease-holder.ts';
import type { LeaseTimes } from '../../../../../triggers/gateway/leases/lease-times.ts';
import type { HeldLease, LeaseHolder, LeaseTaken } from '../../../../../triggers/gateway/leases/lease-holder.ts';

const route = { key: 'a'.repeat(26), incarnation: 7 };
type Question = 'acquire' | 'renew' | 'release';

/** A Redis that answers when the test says so and in the order it chooses, as a real one does on rare days only. */
function createSlowStore() {
  const asked: Question[] = [];
  const waiting: { readonly question: Question; readonly answer: (value: RedisResult<never>) => void }[] = [];
  let open = false;
  let counted = false;
  const ask = (question: Question) =>
    new Promise<RedisResult<never>>((answer) => {
      asked.push(question);
      if (open) answer({ ok: false, reason: 'the test is over' });
      else waiting.push({ question, answer });
    });
  const store: LeaseStore = {
    acquire: () => ask('acquire'),
    renew: () => ask('renew'),
    release: () => ask('release'),
    beat: (sentTo) => {
      if (sentTo !== '') counted = true;
      return Promise.resolve({ ok: true, value: 'epoch' });
    },
    leave: () => Promise.resolve({ ok: true, value: 'epoch' }),
  };
  const until = async (question: Question) => {
    for (;;) {
      const at = waiting.findIndex((one) => one.question === question);
      if (at >= 0) return at;
      await sleep(1);
    }
  };
  return {
    store,
    asked,
    /** Waits for a question of the kind that is not answered yet. */
    until,
    /** Answers the oldest open question of a kind, once there is one; undefined: it fails. */
    async answer(question: Question, value?: unknown): Promise<void> {
      const [one] = waiting.splice(await until(question), 1);
      one?.answer(value === undefined ? { ok: false, reason: 'a test' } : { ok: true, value: value as never });
      await sleep(1);
    },
    async beaten(): Promise<void> {
      while (!counted) await sleep(1);
    },
    /** Every question fails from now on. */
    close(): void {
      open = true;
      for (const { answer } of waiting) answer({ ok: false, reason: 'the test is over' });
    },
  };
}

function heldOf(taken: LeaseTaken): HeldLease {
  if (taken.state !== 'held') throw new Error(`not held but ${taken.state}`);
  return taken.lease;
}

describe('a lease holder', () => {
  let redis: ReturnType<typeof createSlowStore>;
  let holder: LeaseHolder;
  const start = async (times: Partial<LeaseTimes>) => {
    holder = createLeaseHolder({
      store: redis.store,
      metrics: createMetrics(),
      times: { keptMs: 5, renewEveryMs: 60_000, ...times },
    });
    // The first beat sends all leases there are.
    await redis.beaten();
  };
  beforeEach(() => {
    redis = createSlowStore();
  });
  afterEach(async () => {
    redis.close();
    await holder.close();
  });
  const takeFirst = async () => {
    const taken = holder.take(route, 600);
    await redis.answer('acquire', 'granted');
    return heldOf(await taken);
  };

  it('asks for a lease that is being released only when that is done, though its grant would still hold', async () => {
    await start({});
    (await takeFirst()).release();
    await redis.until('release');
    const again = holder.take(route, 600);
    expect(again).toBeInstanceOf(Promise);
    await sleep(5);
    expect(redis.asked).toEqual(['acquire', 'release']);
    await redis.answer('release', true);
    await redis.answer('acquire', 'granted');
    heldOf(await again);
    expect(redis.asked).toEqual(['acquire', 'release', 'acquire']);
    expect(holder.count).toBe(1);
  });

  it('releases only when no renewal is under way, and is not deceived by its answer', async () => {
    await start({ renewEveryMs: 20 });
    const lease = await takeFirst();
    await redis.until('renew');
    lease.release();
    await sleep(15);
    expect(redis.asked).not.toContain('release');
    await redis.answer('renew', ['ok']);
    expect(redis.asked).toContain('release');
    expect(holder.take(route, 600)).toBeInstanceOf(Promise);
    await redis.answer('release', true);
    await redis.answer('acquire', 'granted');
  });

  it('does not release a lease that is asked for again', async () => {
    await start({ keptMs: 30, grantMs: 1 });
    (await takeFirst()).release();
    const again = holder.take(route, 600);
    expect(again).toBeInstanceOf(Promise);
    await sleep(60);
    expect(redis.asked).toEqual(['acquire', 'acquire']);
    await redis.answer('acquire', 'granted');
    heldOf(await again).release();
    await redis.answer('release', true);
    expect(holder.count).toBe(0);
  });

  it('lets the answer to the later question count, whichever comes last', async () => {
    await start({ renewEveryMs: 20, grantMs: 1 });
    const lease = await takeFirst();
    await redis.until('renew');
    const later = holder.take(route, 600);
    await redis.answer('acquire', 'draining');
    expect(await later).toEqual({ state: 'draining' });
    expect(lease.ending.aborted).toBe(true);
    await redis.answer('renew', ['ok']);
    // Once the lease is asked for no more, what was said last shows.
    const last = holder.take(route, 600);
    await redis.answer('acquire');
    expect(await last).toEqual({ state: 'draining' });
  });

  it('does not serve without a lease while one is being released', async () => {
    await start({});
    (await takeFirst()).release();
    await redis.until('release');
    const other = holder.take({ ...route, incarnation: 8 }, 600);
    await redis.answer('acquire');
    expect(await other).toMatchObject({ state: 'held', unleased: true });
    const again = holder.take(route, 600);
    expect(again).toBeInstanceOf(Promise);
    await redis.answer('release', true);
    await redis.answer('acquire', 'granted');
    expect(await again).toMatchObject({ state: 'held', unleased: false });
  });

  it('tells all who listen that the session ends, however many they are', async () => {
    await start({ renewEveryMs: 20 });
    let told = 0;
    const lease = await takeFirst();
    for (let listener = 0; listener < 50; listener++) lease.ending.addEventListener('abort', () => (told += 1));
    await redis.answer('renew', ['gone']);
    expect(told).toBe(50);
    lease.release();
  });
});
