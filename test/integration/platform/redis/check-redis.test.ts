import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createMetrics } from '../../../../platform/metrics.ts';
import { checkRedis, type RedisCheck } from '../../../../platform/redis/check-redis.ts';
import { createRedis, type RedisClient } from '../../../../platform/redis/redis.ts';
import { freePort } from '../../../helpers/free-port.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { type RedisServer, startRedisServer } from '../../../helpers/redis-server.ts';
import { useTemporaryFolders } from '../../../helpers/temporary-folders.ts';

jest.setTimeout(60_000);
const temporaryFolder = useTemporaryFolders();

describe('the check of Redis', () => {
  const servers: RedisServer[] = [];
  const clients: (RedisClient | RedisCheck)[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    for (const server of servers.splice(0)) await server.stop();
  });

  const connect = async (port: number) => {
    const log = captureLog();
    const { logger } = log;
    const redis = await createRedis({ host: '127.0.0.1', port, password: '', metrics: createMetrics(), logger });
    clients.push(redis);
    return { redis, logger, text: log.text };
  };
  const start = async (...moreArguments: readonly string[]) => {
    const folder = await temporaryFolder();
    const server = await startRedisServer({ folder, arguments: moreArguments });
    servers.push(server);
    return await connect(server.port);
  };
  const check = async (input: Parameters<typeof checkRedis>[0]) => {
    const made = await checkRedis(input);
    clients.push(made);
    return made;
  };

  it('passes one that evicts nothing and keeps a file, without a word', async () => {
    const { text, ...input } = await start();
    expect((await check(input)).problem()).toBeUndefined();
    expect(text()).not.toMatch(/not (fit|set up)/);
  });

  it.each([
    [['--cluster-enabled', 'yes'], 'Redis Cluster'],
    [['--maxmemory-policy', 'volatile-lru'], 'maxmemory-policy is volatile-lru'],
  ])('refuses one with %j', async (moreArguments, reason) => {
    const { text: _text, ...input } = await start(...moreArguments);
    const refused = check(input);
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toMatchObject({ name: 'UnfitRedisError' });
  });

  it('warns of one without a file, and starts', async () => {
    const { text, ...input } = await start('--appendonly', 'no');
    expect((await check(input)).problem()).toBeUndefined();
    expect(text()).toContain('appendonly');
  });

  it('goes on without one that is not there', async () => {
    const { text: _text, ...input } = await connect(await freePort());
    expect((await check(input)).problem()).toBeUndefined();
  });
});
