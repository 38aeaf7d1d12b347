import { Redis } from 'ioredis';
import { createMetrics } from '../../../platform/metrics.ts';
import { createRedis, type RedisResult } from '../../../platform/redis/redis.ts';
import { createAdmissionStore } from '../../../platform/redis/sessions/admission/admission.ts';
import { createLeaseStore } from '../../../platform/redis/sessions/leases/leases.ts';
import { createSessionLifeStore } from '../../../platform/redis/sessions/life/session-life.ts';
import { sessionKeys } from '../../../platform/redis/sessions/session-keys.ts';
import { captureLog } from '../log-capture.ts';
import { startRedisServer } from '../redis-server.ts';

/** A Redis of its own, the stores on it, and a second connection for looking at and changing what is there. */
export async function startSessionRedis() {
  const server = await startRedisServer();
  const direct = new Redis({ host: server.host, port: server.port });
  const redis = await createRedis({ ...server, password: '', metrics: createMetrics(), logger: captureLog().logger });
  const keys = sessionKeys('test');
  const now = async (): Promise<number> => {
    const [seconds, microseconds] = await direct.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  };
  return {
    server,
    direct,
    keys,
    now,
    life: createSessionLifeStore({ redis, keys }),
    admission: createAdmissionStore({ redis, keys }),
    leasesOf: (bootId: string) => createLeaseStore({ redis, keys, bootId }),
    /** The epoch as if it had begun long ago, and no other one comes. */
    ageEpoch: async (): Promise<void> => {
      const run = /run_id:(\w+)/.exec(await direct.info('server'))?.[1] ?? '';
      await direct.hset(keys.epoch, { run, since: (await now()) - 3_600_000 });
    },
    close: async (): Promise<void> => {
      redis.close();
      direct.disconnect();
      await server.stop();
    },
  };
}

export type SessionRedis = Awaited<ReturnType<typeof startSessionRedis>>;

/** The value of a result that must be one. */
export async function valueOf<T>(result: Promise<RedisResult<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(settled.reason);
  return settled.value;
}
