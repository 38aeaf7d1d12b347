import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Metrics, createMetrics } from '../../../../platform/metrics.ts';
import { type KnownPodsStore, createKnownPodsStore } from '../../../../platform/redis/known-pods.ts';
import { type RedisClient, createRedis } from '../../../../platform/redis/redis.ts';
import { freePort } from '../../../helpers/free-port.ts';
import { type LogCapture, captureLog } from '../../../helpers/log-capture.ts';
import { type RedisServer, startRedisServer } from '../../../helpers/redis-server.ts';

const change = {
  fence: { interval: 1, attempt: 1 },
  upserts: new Map([['a', { namespace: 'shop', name: 'a', version: '1', hasRun: true }]]),
  deletes: [],
};

describe('when Redis does not work', () => {
  let server: RedisServer;
  let metrics: Metrics;
  let log: LogCapture;
  const clients: RedisClient[] = [];
  const connect = async (options: { port?: number; password?: string } = {}): Promise<KnownPodsStore> => {
    const redis = await createRedis({ ...server, password: '', ...options, metrics, logger: log.logger });
    clients.push(redis);
    return createKnownPodsStore({ redis, cluster: 'local', scopeName: 'all' });
  };
  const errors = async (operation: string) => {
    const { values } = await metrics.redisErrors.get();
    return values.find(({ labels }) => labels.operation === operation)?.value ?? 0;
  };

  beforeEach(async () => {
    metrics = createMetrics();
    log = captureLog();
    server = await startRedisServer({ password: 'sesame-19' });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  it('nothing is thrown where no server listens, and commands fail at once', async () => {
    const store = await connect({ port: await freePort() });
    const startedMs = performance.now();
    const failed = { ok: false, reason: expect.stringContaining('no connection to Redis') };
    expect(await store.load()).toEqual(failed);
    expect(await store.write(change)).toEqual(failed);
    expect(performance.now() - startedMs).toBeLessThan(200);
    expect(await errors('known_pods_load')).toBe(1);
    expect(await errors('known_pods_write')).toBe(1);
    expect(await errors('connect')).toBeGreaterThan(0);
  });

  it('a wrong password is a failed command whose log line does not show the password', async () => {
    const store = await connect({ password: 'wrong-4711' });
    expect(await store.load()).toMatchObject({ ok: false });
    expect(log.text()).toContain('Redis does not work');
    expect(log.text()).not.toContain('wrong-4711');
  });

  it('a killed server fails commands, and a new one is used as soon as it is there', async () => {
    const store = await connect({ password: 'sesame-19' });
    expect(await store.write(change)).toMatchObject({ ok: true });
    await server.signal('SIGKILL');
    expect(await store.write(change)).toMatchObject({ ok: false });
    await server.restart();
    await expect(eventually(() => store.write(change))).resolves.toEqual({
      ok: true,
      value: { applied: true, complete: false },
    });
  });

  it('a stopped server fails commands within their time-out, and works again when it goes on', async () => {
    const store = await connect({ password: 'sesame-19' });
    await server.signal('SIGSTOP');
    const startedMs = performance.now();
    expect(await store.load()).toEqual({ ok: false, reason: 'Command timed out' });
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(500);
    expect(tookMs).toBeLessThan(2000);
    await server.signal('SIGCONT');
    await expect(eventually(() => store.load())).resolves.toMatchObject({ ok: true });
  });

  it('every failure is counted, and few are logged', async () => {
    const store = await connect({ port: await freePort() });
    for (let call = 0; call < 50; call += 1) await store.load();
    expect(await errors('known_pods_load')).toBe(50);
    expect(log.lines().filter((line) => line.operation === 'known_pods_load')).toHaveLength(1);
  });
});

/** The first result that is ok, or the last one after 15 s. */
async function eventually<T extends { ok: boolean }>(attempt: () => Promise<T>): Promise<T> {
  for (const deadlineMs = performance.now() + 15_000; ;) {
    const result = await attempt();
    if (result.ok || performance.now() > deadlineMs) return result;
    await sleep(100);
  }
}
