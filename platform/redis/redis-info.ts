/** What the answer to INFO says about a Redis that is to hold sessions; empty lists when all is well. */
export interface RedisFitness {
  /** Sessions would get lost or could not be kept at all. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads INFO, which managed servers allow where they refuse CONFIG. A field that isn't there is not held against the server.
 * https://redis.io/docs/latest/commands/info/
 */
export function readRedisInfo(info: string): RedisFitness {
  const fields = new Map(
    info.split('\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const];
    }),
  );
  const faults: string[] = [];
  if (fields.get('cluster_enabled') === '1' || fields.get('redis_mode') === 'cluster') {
    faults.push('it is a Redis Cluster; give one primary (REDIS_HOST), scripts need all keys in one place');
  }
  if (fields.get('role') === 'slave')
    faults.push('it is a replica, which takes no writes; give the primary (REDIS_HOST)');
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    faults.push(`maxmemory-policy is ${policy} and would drop leases of sessions in use; set it to noeviction`);
  }
  const warnings =
    fields.get('aof_enabled') === '0'
      ? ['it keeps no append-only file: its restart forgets all sessions for a while; set appendonly to yes']
      : [];
  return { faults, warnings };
}
