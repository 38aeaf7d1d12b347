import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createSessionStarter } from '../../../../../triggers/gateway/starts/create-session-starter.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';
import { type SessionRedis, startSessionRedis, valueOf } from '../../../../helpers/sessions/session-redis.ts';
import { freshTarget } from './starts-rig.ts';

const problem = (code: string) => expect.objectContaining({ name: 'Problem', code });

describe('slots of sessions that never started', () => {
  let redis: SessionRedis;
  beforeAll(async () => {
    redis = await startSessionRedis();
    await valueOf(redis.admission.rebuild(await valueOf(redis.admission.epoch()), []));
  });
  afterAll(() => redis.close());

  /** A gateway that dies after it took the slot: Temporal never hears of the session. */
  const startDyingGateway = () => {
    let reached = (): void => undefined;
    const starter = createSessionStarter({
      metrics: createMetrics(),
      logger: captureLog().logger,
      admission: redis.admission,
      limits: { sessions: 50, sessionsPerTenant: 50, startsPerSecond: 10_000, startsAtOnce: 10_000 },
      runs: {
        ensureReady: () => {
          reached();
          return new Promise(() => undefined);
        },
      },
      routes: { find: () => undefined, offer: (route) => route, next: () => new Promise(() => undefined) },
    });
    return async (): Promise<void> => {
      const died = new AbortController();
      const hasSlot = new Promise<void>((resolve) => (reached = resolve));
      const options = { above: 0, deadlineMs: performance.now() + 30_000, signal: died.signal };
      const waiting = starter.ensure(freshTarget(), options);
      await Promise.race([hasSlot, waiting]);
      died.abort();
      await expect(waiting).rejects.toEqual(problem('starting'));
    };
  };

  it('come back when their reservations end, after 50 gateways that died between slot and start', async () => {
    for (let time = 0; time < 50; time += 1) await startDyingGateway()();
    await expect(startDyingGateway()()).rejects.toEqual(problem('cluster_limit'));
    expect(await redis.direct.zcard(redis.keys.reservations)).toBe(50);
    // As if their time had passed.
    for (const key of await redis.direct.zrange(redis.keys.reservations, '0', '-1')) {
      await redis.direct.zadd(redis.keys.reservations, '1', key);
    }
    for (let time = 0; time < 50; time += 1) await startDyingGateway()();
    await expect(startDyingGateway()()).rejects.toEqual(problem('cluster_limit'));
  }, 60_000);

  it('are not given while Redis is away', async () => {
    await redis.server.stop();
    await expect(startDyingGateway()()).rejects.toEqual(problem('admission_unavailable'));
  }, 60_000);
});
