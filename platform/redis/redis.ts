import { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

const commandTimeoutMs = 1000;
const connectTimeoutMs = 2000;
/** Cuts a connection whose other end is gone without a word; the next command gets a new one. */
const socketTimeoutMs = 5000;
/** How long `close` waits for the other end before it cuts the connection; a process may exit that much later. */
const disconnectTimeoutMs = 100;
/** Short, because a gateway without Redis sends requests that nobody else knows of. */
const maxReconnectMs = 1000;
const logEveryMs = 30_000;

export interface RedisOptions {
  readonly host: string;
  readonly port: number;
  /** Empty sends none. */
  readonly password: string;
  readonly metrics: Pick<Metrics, 'redisErrors'>;
  readonly logger: Logger;
}

/** Redis is a cache: not having it is a result, never an exception. */
export type RedisResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** One connection to the one Redis primary. Commands never wait for it to come back. */
export interface RedisClient {
  /** Runs commands under a name; a failure is counted under it and logged at most every 30 s. */
  readonly run: <T>(operation: string, commands: (redis: Redis) => Promise<T>) => Promise<RedisResult<T>>;
  readonly close: () => void;
}

/**
 * Connects, waiting at most 2 s: without Redis the process works on, slower. Each command fails after 1 s or at once
 * while there is no connection, is never sent twice, and the connection is sought again for ever (at most 1 s apart).
 * Redis Cluster is not supported: scripts take keys that belong on one primary.
 */
export async function createRedis({ host, port, password, metrics, logger }: RedisOptions): Promise<RedisClient> {
  const report = createFailureReport(logger.child({ redis: `${host}:${port}` }), metrics);
  const redis = new Redis({
    host,
    port,
    ...(password !== '' && { password }),
    connectionName: 'podkeeper',
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    socketTimeout: socketTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, maxReconnectMs) * (0.5 + Math.random() / 2),
  });
  // Without a listener ioredis prints errors itself; connection errors come once an attempt.
  redis.on('error', (error: Error) => report('connect', error));
  redis.on('ready', () => logger.info({ redis: `${host}:${port}` }, 'connected to Redis'));
  await settled(redis);
  return {
    run: async (operation, commands) => {
      try {
        return { ok: true, value: await commands(redis) };
      } catch (error) {
        const known = redis.status === 'ready' ? error : new Error(`no connection to Redis at ${host}:${port}`);
        return { ok: false, reason: report(operation, known) };
      }
    },
    close: () => redis.disconnect(),
  };
}

/** Resolves when the connection is ready or the first attempt failed, after `connectTimeoutMs` at the latest. */
async function settled(redis: Redis): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, connectTimeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    redis.once('ready', done);
    redis.once('close', done);
  });
}

/** Counts every failure and answers its reason; logs the first of each operation and then one every 30 s. */
function createFailureReport(logger: Logger, metrics: Pick<Metrics, 'redisErrors'>) {
  const logged = new Map<string, { atMs: number; unlogged: number }>();
  return (operation: string, error: unknown): string => {
    const reason = error instanceof Error ? error.message : String(error);
    metrics.redisErrors.inc({ operation });
    const last = logged.get(operation);
    if (last !== undefined && performance.now() - last.atMs < logEveryMs) {
      last.unlogged += 1;
      return reason;
    }
    logger.warn(
      { operation, reason, failedMeanwhile: last?.unlogged ?? 0 },
      'Redis does not work, going on without it',
    );
    logged.set(operation, { atMs: performance.now(), unlogged: 0 });
    return reason;
  };
}
