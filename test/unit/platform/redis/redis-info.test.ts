import { describe, expect, it } from '@jest/globals';
import { readRedisInfo } from '../../../../platform/redis/redis-info.ts';

const good = {
  redis_mode: 'standalone',
  role: 'master',
  cluster_enabled: '0',
  maxmemory_policy: 'noeviction',
  aof_enabled: '1',
};

const read = (changes: Partial<typeof good> = {}) => {
  const lines = Object.entries({ ...good, ...changes }).map(([name, value]) => `${name}:${value}`);
  return readRedisInfo(['# Server', ...lines, ''].join('\r\n'));
};

describe('what INFO says of a Redis for sessions', () => {
  it('is nothing when it is one primary that evicts nothing and keeps a file', () => {
    expect(read()).toEqual({ faults: [], warnings: [] });
  });

  it.each([
    [{ cluster_enabled: '1' }, 'Redis Cluster'],
    [{ redis_mode: 'cluster' }, 'Redis Cluster'],
    [{ role: 'slave' }, 'replica'],
    [{ maxmemory_policy: 'allkeys-lru' }, 'maxmemory-policy is allkeys-lru'],
  ])('is a fault with %j', (changes, text) => {
    expect(read(changes)).toEqual({ faults: [expect.stringContaining(text)], warnings: [] });
  });

  it('is a warning without AOF', () => {
    expect(read({ aof_enabled: '0' })).toEqual({ faults: [], warnings: [expect.stringContaining('appendonly')] });
  });

  it('is nothing where a server leaves fields out', () => {
    expect(readRedisInfo('')).toEqual({ faults: [], warnings: [] });
  });
});
