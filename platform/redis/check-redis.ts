import type { Logger } from '../logger.ts';
import type { ReadinessCheck } from '../health-server.ts';
import { readRedisInfo } from './redis-info.ts';
import type { RedisClient } from './redis.ts';

/** Sessions can't be kept in this Redis; the message says why and what to change. */
class UnfitRedisError extends Error {
  override readonly name = 'UnfitRedisError';
}

/** Looks again and again, because the server behind an address may become another one. */
export interface RedisCheck extends ReadinessCheck {
  readonly close: () => void;
}

const againMs = 10_000;

/**
 * Looks once whether sessions can be kept in this Redis, and then every 10 s. Throws UnfitRedisError when it can't be at the start;
 * what is found later is an error in the log and a readiness problem. A Redis that doesn't answer is no fault here.
 * Without AOF it only warns: a restart of Redis then forgets who is active, and nothing idle is removed for 20 s.
 */
export async function checkRedis({
  redis,
  logger,
}: {
  readonly redis: RedisClient;
  readonly logger: Logger;
}): Promise<RedisCheck> {
  let fault: string | undefined;
  const warned = new Set<string>();

  const look = async () => {
    const info = await redis.run('check_redis', (commands) => commands.info());
    if (!info.ok) return;
    const found = readRedisInfo(info.value);
    for (const warning of found.warnings) {
      if (!warned.has(warning)) logger.warn({ warning }, 'Redis is not set up as sessions want it');
      warned.add(warning);
    }
    const before = fault;
    fault = found.faults.length === 0 ? undefined : found.faults.join('; ');
    if (fault !== undefined && fault !== before) logger.error({ fault }, 'this Redis is not fit for sessions');
  };

  await look();
  if (fault !== undefined) throw new UnfitRedisError(`This Redis is not fit for sessions: ${fault}.`);
  const timer = setInterval(() => void look(), againMs);
  timer.unref();
  return {
    name: 'redis setup',
    problem: () => fault,
    close: () => {
      clearInterval(timer);
    },
  };
}
