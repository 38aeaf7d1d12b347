import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import type { KnownPod, KnownPodsStore, WriteFence } from '../../../platform/redis/known-pods.ts';

/** The pods handed on so far, in memory, and what of it Redis does not have yet. */
export interface KnownPodsBuffer {
  /** Notes that Temporal (or the adoption) has taken this state of the pod. */
  set(pod: Pick<PodSnapshot, 'uid' | 'namespace' | 'name' | 'version'>, hasRun: boolean): void;
  remove(uid: string): void;
  has(uid: string): boolean;
  size(): number;
  /**
   * Writes what Redis lacks, or everything while Redis is not complete. A failure keeps it for the next time: Redis being
   * down never stops the watch. False when a newer attempt holds the watch.
   */
  flush(): Promise<boolean>;
}

export interface KnownPodsBufferOptions {
  readonly store: Pick<KnownPodsStore, 'write'>;
  readonly fence: WriteFence;
  /** By uid; owned by the buffer from now on. */
  readonly initial: Map<string, KnownPod>;
  /** Redis may not have what `initial` holds (it came from elsewhere), so that the first flush writes it all. */
  readonly rewrite: boolean;
}

export function createKnownPodsBuffer({ store, fence, initial, rewrite }: KnownPodsBufferOptions): KnownPodsBuffer {
  const pods = initial;
  let upserts = new Map<string, KnownPod>();
  let deletes = new Set<string>();
  let whole = rewrite;

  const flush = async (): Promise<boolean> => {
    const writing = { upserts: whole ? new Map(pods) : upserts, deletes };
    upserts = new Map();
    deletes = new Set();
    const result = await store.write({ fence, whole, upserts: writing.upserts, deletes: [...writing.deletes] });
    if (!result.ok) {
      // What changed meanwhile is newer than what could not be written.
      upserts = new Map([...writing.upserts].filter(([uid]) => !deletes.has(uid)).concat([...upserts]));
      deletes = new Set([...writing.deletes].filter((uid) => !upserts.has(uid)).concat([...deletes]));
      return true;
    }
    if (!result.value.applied) return false;
    const wasWhole = whole;
    whole = !result.value.complete;
    return whole && !wasWhole ? flush() : true;
  };

  return {
    set({ uid, namespace, name, version }, hasRun) {
      const pod = { namespace, name, version, hasRun };
      pods.set(uid, pod);
      upserts.set(uid, pod);
      deletes.delete(uid);
    },
    remove(uid) {
      pods.delete(uid);
      upserts.delete(uid);
      deletes.add(uid);
    },
    has: (uid) => pods.has(uid),
    size: () => pods.size,
    flush,
  };
}
