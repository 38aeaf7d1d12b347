import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideIdle } from '../../../../../domain/sessions/idle/idle-decision.ts';
import { propertySeed } from '../../../../helpers/properties.ts';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';

const key = 'a'.repeat(26);
const served = { key, incarnation: 7, podUid: 'u7', tenantHash: 't' };
const timeoutMs = 300_000;
/** The script and the check look at the clock one after the other. */
const clockMs = 2000;

let redis: SessionRedis;
beforeAll(async () => {
  redis = await startSessionRedis();
});
beforeEach(async () => {
  await redis.direct.flushall();
});
afterAll(() => redis.close());

/** Times that can't be mistaken for one another although the clock goes on. */
const age = fc.integer({ min: -4, max: 130 }).map((step) => step * 5000 + 2500);
const ages = fc.dictionary(fc.constantFrom('one', 'two', 'three'), age);
const facts = fc.record({
  record: fc.option(
    fc.record({ state: fc.constantFrom('ready', 'draining'), incarnation: fc.constantFrom(6, 7, 8), age }),
  ),
  leases: ages,
  gateways: fc.dictionary(fc.constantFrom('one', 'two'), age),
  epoch: fc.option(fc.record({ same: fc.boolean(), age })),
});

type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

/** Each of the main decisions once, whatever the seed brings. */
const old = { same: true, age: 600_000 };
const quiet: Facts = { record: { state: 'ready', incarnation: 7, age: 640_000 }, leases: {}, gateways: {}, epoch: old };
const examples: [Facts][] = [
  [quiet],
  [{ ...quiet, record: { state: 'ready', incarnation: 7, age: 2500 } }],
  [{ ...quiet, leases: { one: -7500 } }],
  [{ ...quiet, epoch: { ...old, age: 2500 } }],
];

describe(`whether a session is idle (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('is decided as the rule in domain says, over any facts', async () => {
    const run = /run_id:(\w+)/.exec(await redis.direct.info('server'))?.[1] ?? '';
    const decided = new Set<string>();
    const property = fc.asyncProperty(facts, async ({ record, leases, gateways, epoch }) => {
      await redis.direct.flushall();
      const nowMs = await redis.now();
      const before = (map: Record<string, number>) =>
        Object.fromEntries(Object.entries(map).map(([name, ageMs]) => [name, nowMs - ageMs]));
      const { direct, keys } = redis;
      if (record !== null) {
        const { state, incarnation } = record;
        await direct.hset(keys.record(key), { state, incarnation, activity: nowMs - record.age });
      }
      if (Object.keys(leases).length > 0) await direct.hset(keys.leases(key), before(leases));
      if (Object.keys(gateways).length > 0) await direct.hset(keys.gateways, before(gateways));
      if (epoch !== null) await direct.hset(keys.epoch, { run: epoch.same ? run : 'other', since: nowMs - epoch.age });

      const expected = decideIdle({
        nowMs,
        idleTimeoutMs: timeoutMs,
        incarnation: 7,
        record:
          record === null
            ? null
            : {
                state: record.state === 'ready' ? 'ready' : 'draining',
                incarnation: record.incarnation,
                lastActivityMs: nowMs - record.age,
              },
        leases: before(leases),
        gateways: before(gateways),
        epoch: epoch === null ? null : { runId: epoch.same ? run : 'other', sinceMs: nowMs - epoch.age },
        redisRunId: run,
      });
      const answer = await valueOf(redis.life.idleDecide(served, timeoutMs));
      decided.add(String(answer.keep));
      expect(answer.keep).toBe(expected.keep ?? null);
      expect(Math.abs(answer.remainingMs - expected.remainingMs)).toBeLessThan(clockMs);
      expect(Math.abs(answer.sinceActivityMs - (nowMs - expected.lastActivityMs))).toBeLessThan(clockMs);
      const state = await direct.hget(keys.record(key), 'state');
      if (answer.keep === null) expect(state).toBe('draining');
      else if (answer.keep !== 'superseded') expect(state).toBe('ready');
    });
    await fc.assert(property, { seed: propertySeed, numRuns: 400, examples });
    // Otherwise the facts would be too tame to prove anything.
    expect([...decided]).toEqual(
      expect.arrayContaining(['null', 'request-in-flight', 'recent-activity', 'redis-restarted']),
    );
  }, 60_000);
});

describe('a session found idle', () => {
  const drain = async () => {
    await redis.ageEpoch();
    await valueOf(redis.life.publish(served));
    await redis.direct.hset(redis.keys.record(key), 'activity', (await redis.now()) - timeoutMs - 1);
    expect((await valueOf(redis.life.idleDecide(served, timeoutMs))).keep).toBeNull();
  };

  it('is called back by a request, and active then', async () => {
    await drain();
    expect(await valueOf(redis.life.undrain(served, true))).toBe(true);
    expect(await valueOf(redis.leasesOf('one').acquire(served))).toBe('granted');
    expect((await valueOf(redis.life.idleDecide(served, timeoutMs))).keep).toBe('request-in-flight');
  });

  it('is as idle as before when it is called back because it could not be ended', async () => {
    await drain();
    expect(await valueOf(redis.life.undrain(served, false))).toBe(true);
    expect(await redis.direct.hget(redis.keys.record(key), 'state')).toBe('ready');
    expect((await valueOf(redis.life.idleDecide(served, timeoutMs))).keep).toBeNull();
  });

  it('stays sealed when the question comes once more', async () => {
    await drain();
    expect(await valueOf(redis.life.seal(served, true))).toBe('sealed');
    const late = await valueOf(redis.life.idleDecide(served, timeoutMs));
    expect(late.keep).toBeNull();
    expect(late.sinceActivityMs).toBeGreaterThan(timeoutMs);
    expect(await valueOf(redis.leasesOf('one').acquire(served))).toBe('gone');
    expect(await redis.direct.pttl(redis.keys.record(key))).toBeGreaterThan(0);
  });

  it('is sealed, and then not called back', async () => {
    await drain();
    expect(await valueOf(redis.life.seal(served, true))).toBe('sealed');
    expect(await valueOf(redis.life.undrain(served, true))).toBe(false);
    expect(await valueOf(redis.life.seal(served, true))).toBe('sealed');
    expect(await redis.direct.pttl(redis.keys.record(key))).toBeGreaterThan(0);
  });

  it.each([
    ['a request came', 'lease', () => redis.direct.hset(redis.keys.leases(key), 'one', Date.now() + 10_000)],
    ['its record is missing', 'missing', () => redis.direct.del(redis.keys.record(key))],
    ['Redis was emptied', 'missing', () => redis.direct.flushall()],
    ['Redis is new', 'young', () => redis.direct.del(redis.keys.epoch)],
    ['a newer pod serves it', 'superseded', () => redis.life.publish({ ...served, incarnation: 8 })],
  ])('is not sealed when %s', async (_what, answer, happens) => {
    await drain();
    await happens();
    expect(await valueOf(redis.life.seal(served, true))).toBe(answer);
  });

  it('is sealed whatever speaks against it when it was asked to end', async () => {
    await drain();
    await redis.direct.hset(redis.keys.leases(key), 'one', Date.now() + 10_000);
    await redis.direct.del(redis.keys.record(key), redis.keys.epoch);
    expect(await valueOf(redis.life.seal(served, false))).toBe('sealed');
    expect(await redis.direct.exists(redis.keys.leases(key))).toBe(0);
  });
});

describe('what is kept of a session', () => {
  it('ends by itself when nobody looks at it any more, and not while somebody does', async () => {
    const weekMs = 604_800_000;
    const keys = [redis.keys.record(key), redis.keys.leases(key)];
    const age = () => Promise.all(keys.map((name) => redis.direct.pexpire(name, 60_000)));
    const left = () => Promise.all(keys.map((name) => redis.direct.pttl(name)));
    await valueOf(redis.life.publish(served));
    await valueOf(redis.leasesOf('one').acquire(served));
    for (const ms of await left()) expect(ms).toBeGreaterThan(weekMs - 60_000);
    await age();
    await valueOf(redis.life.idleDecide(served, timeoutMs));
    await valueOf(redis.leasesOf('one').renew([served]));
    for (const ms of await left()) expect(ms).toBeGreaterThan(weekMs - 60_000);
    await valueOf(redis.life.seal(served, false));
    const [record = 0] = await left();
    expect(record).toBeLessThanOrEqual(600_000);
  });
});

describe('a late delete of an old pod', () => {
  it('does not touch the record of the new one', async () => {
    await valueOf(redis.life.publish({ ...served, incarnation: 8 }));
    expect(await valueOf(redis.life.seal(served, false))).toBe('superseded');
    expect(await valueOf(redis.life.publish(served))).toBe(false);
    expect(await valueOf(redis.leasesOf('one').acquire({ key, incarnation: 8 }))).toBe('granted');
  });
});
