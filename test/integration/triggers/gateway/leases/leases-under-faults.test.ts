import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createLeaseHolder } from '../../../../../triggers/gateway/leases/create-lease-holder.ts';
import { seededRandom, testSeed } from '../../../../helpers/seeded-random.ts';
import { startSessionRedis } from '../../../../helpers/sessions/session-redis.ts';
import { createLeasedSessions } from './leased-sessions.ts';

const seed = testSeed();
const timeoutMs = 120_000;
/** The real ones, fifty times as fast. */
const quick = { grantMs: 200, renewEveryMs: 100, keptMs: 100, beatEveryMs: 40, againMs: 20, downMs: 10 };
type Disturb = (redis: Awaited<ReturnType<typeof startSessionRedis>>) => Promise<void>;

/** Plays sessions for a while, disturbed again and again; after a disturbance nothing is checked for `settleMs`. */
async function play(disturbances: readonly Disturb[], settleMs: number) {
  const random = seededRandom(seed);
  const redis = await startSessionRedis();
  let soundSinceMs = performance.now();
  let disturbed = false;
  const holder = createLeaseHolder({ store: redis.leasesOf('one'), metrics: createMetrics(), times: quick });
  const soundForMs = () => (disturbed ? 0 : Math.max(0, performance.now() - soundSinceMs));
  const sessions = createLeasedSessions({ redis, holder, random, soundForMs });
  await redis.ageEpoch();
  await sessions.publishAll();
  const stop = new AbortController();
  const playing = sessions.play(stop.signal);
  await sleep(3000);
  for (const disturb of disturbances) {
    disturbed = true;
    await disturb(redis);
    // As long as a young epoch would keep everything, were times the real ones.
    await sleep(settleMs);
    await redis.ageEpoch();
    soundSinceMs = performance.now();
    disturbed = false;
    await sleep(2000);
  }
  stop.abort();
  await playing;
  await holder.close();
  const left = await redis.direct.keys('*leases:*');
  await redis.close();
  return { ...sessions, left };
}

it(
  `sessions are never ended early while Redis works, and every request in flight has a lease (PODKEEPER_TEST_SEED=${seed})`,
  async () => {
    const { faults, seen, left } = await play([], 0);
    expect(faults).toEqual([]);
    expect(left).toEqual([]);
    expect(seen).toMatchObject({ unleased: 0 });
    expect(seen.requests).toBeGreaterThan(10);
    expect(seen.checks).toBeGreaterThan(10);
    expect(seen.ended).toBeGreaterThan(0);
  },
  timeoutMs,
);

it(
  `after Redis hung, was emptied or was killed, every request in flight has a lease again (PODKEEPER_TEST_SEED=${seed})`,
  async () => {
    const hang: Disturb = async ({ server }) => {
      await server.signal('SIGSTOP');
      await sleep(1500);
      await server.signal('SIGCONT');
    };
    const empty: Disturb = async ({ direct }) => {
      await direct.flushall();
    };
    const kill: Disturb = async ({ server, direct }) => {
      await server.signal('SIGKILL');
      await sleep(300);
      await server.restart();
      while ((await direct.ping().catch(() => '')) !== 'PONG') await sleep(10);
    };
    const { faults, seen } = await play([hang, empty, kill, empty], 2000);
    expect(faults).toEqual([]);
    expect(seen.unleased).toBeGreaterThan(0);
    expect(seen.checks).toBeGreaterThan(10);
  },
  timeoutMs,
);
