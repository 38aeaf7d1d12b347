import { knownPodsKey } from '../../domain/names.ts';
import type { RedisClient, RedisResult } from './redis.ts';
import { loadScript, runScript } from './script.ts';

const script = loadScript(new URL('./write-known-pods.lua', import.meta.url));
/** Keeps one call of the script, which blocks Redis, below a millisecond or so. */
const entriesPerCall = 500;
const scanCount = 500;

/** A pod the watch has handed on, as a relist needs it to tell what changed and what is gone. */
export interface KnownPod {
  readonly namespace: string;
  readonly name: string;
  /** `metadata.resourceVersion`. */
  readonly version: string;
  /** Whether a `podLifecycle` run was started for it. */
  readonly hasRun: boolean;
}

/**
 * Who writes: both numbers only grow, compared interval first. `interval` must also grow from one run of `watchPods` to
 * the next, or the writes of the next run are refused (the time the activity was scheduled, in milliseconds, does).
 */
export interface WriteFence {
  readonly interval: number;
  readonly attempt: number;
}

interface KnownPodsChange {
  readonly fence: WriteFence;
  readonly upserts: ReadonlyMap<string, KnownPod>;
  /** `upserts` is everything that is known: once it is written, what is missing in Redis is not known. */
  readonly whole?: boolean;
  /** No uid that is also in `upserts`. */
  readonly deletes: readonly string[];
}

export interface KnownPodsStore {
  /** Everything known. Entries that cannot be read are left out, so their pods count as new. */
  readonly load: () => Promise<RedisResult<LoadedKnownPods>>;
  /**
   * Answers whether it was applied; `applied: false` means that a newer holder of the watch has written, so this one's
   * writes no longer count. An empty change claims the hash for its fence. Large changes are written in chunks: a failure in the
   * middle leaves the first ones, and writing it all again is safe.
   */
  readonly write: (change: KnownPodsChange) => Promise<RedisResult<KnownPodsWritten>>;
}

interface LoadedKnownPods {
  /** By uid. */
  readonly pods: ReadonlyMap<string, KnownPod>;
  /** False when no whole write has ended since Redis was last empty: then what is missing here proves nothing. */
  readonly complete: boolean;
}

interface KnownPodsWritten {
  readonly applied: boolean;
  /** False when Redis was emptied (or is new) and waits for a whole write. */
  readonly complete: boolean;
}

export interface KnownPodsOptions {
  readonly redis: RedisClient;
  readonly cluster: string;
  readonly scopeName: string;
}

/** The known pods of one scope: one hash, with the fence of its writer in it. */
export function createKnownPodsStore({ redis, cluster, scopeName }: KnownPodsOptions): KnownPodsStore {
  const key = knownPodsKey(cluster, scopeName);
  const keys = [key];
  return {
    load: () =>
      redis.run('known_pods_load', async (commands) => {
        const pods = new Map<string, KnownPod>();
        // Looked at first: a writer that comes in between only adds.
        const complete = (await commands.hexists(key, '#complete')) === 1;
        let cursor = '0';
        do {
          const [next, entries] = await commands.hscan(key, cursor, 'COUNT', scanCount);
          for (let index = 0; index + 1 < entries.length; index += 2) {
            const pod = parseKnownPod(entries[index + 1] ?? '');
            if (pod !== undefined) pods.set(entries[index] ?? '', pod);
          }
          cursor = next;
        } while (cursor !== '0');
        return { pods, complete };
      }),
    write: ({ fence, upserts, deletes, whole = false }) =>
      redis.run('known_pods_write', async (commands) => {
        let complete = false;
        for (const { set, remove, last } of chunks([...upserts], deletes)) {
          const pairs = set.flatMap(([uid, pod]) => [uid, formatKnownPod(pod)]);
          const args = [fence.interval, fence.attempt, whole && last ? 1 : 0, set.length, ...pairs, ...remove];
          const answer = await runScript(commands, { script, keys, args });
          if (answer === 0) return { applied: false, complete: false };
          complete = answer === 1;
        }
        return { applied: true, complete };
      }),
  };
}

interface Chunk {
  readonly set: readonly (readonly [string, KnownPod])[];
  readonly remove: readonly string[];
  readonly last: boolean;
}

/** At least one chunk, so that an empty change still claims the hash; a small change is one call. */
function chunks(upserts: readonly (readonly [string, KnownPod])[], deletes: readonly string[]): Chunk[] {
  const half = entriesPerCall / 2;
  const calls = Math.max(1, Math.ceil(Math.max(upserts.length, deletes.length) / half));
  return Array.from({ length: calls }, (_, call) => ({
    set: upserts.slice(call * half, (call + 1) * half),
    remove: deletes.slice(call * half, (call + 1) * half),
    last: call === calls - 1,
  }));
}

function formatKnownPod({ namespace, name, version, hasRun }: KnownPod): string {
  return JSON.stringify({ namespace, name, version, hasRun });
}

function parseKnownPod(json: string): KnownPod | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isKnownPod(value) ? value : undefined;
  } catch {
    // Not ours, or cut: as good as not there.
    return undefined;
  }
}

function isKnownPod(value: unknown): value is KnownPod {
  if (typeof value !== 'object' || value === null) return false;
  const { namespace, name, version, hasRun } = value as Partial<Record<keyof KnownPod, unknown>>;
  return [namespace, name, version].every((part) => typeof part === 'string') && typeof hasRun === 'boolean';
}
