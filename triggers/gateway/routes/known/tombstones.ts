/** Longer than any answer of a run is under way. */
const keptMs = 600_000;
/** Some 10 MB; the oldest go first. A run's answer that is late by more than so many deletions is caught by its lease. */
const limit = 50_000;

/** Pods whose deletion was seen in the last 10 minutes. */
export interface Tombstones {
  add(uid: string, version: string): void;
  /** The version of the delete; undefined when it is not known to be deleted. */
  versionOf(uid: string): string | undefined;
  remove(uid: string): void;
  forgetVersions(): void;
  readonly size: number;
}

export function createTombstones(clock: () => number): Tombstones {
  // In the order of the deletions.
  const stones = new Map<string, { version: string; readonly atMs: number }>();
  const isOld = (atMs: number) => clock() - atMs > keptMs;
  return {
    add(uid, version) {
      stones.delete(uid);
      stones.set(uid, { version, atMs: clock() });
      for (const [oldest, { atMs }] of stones) {
        if (stones.size <= limit && !isOld(atMs)) break;
        stones.delete(oldest);
      }
    },
    versionOf(uid) {
      const stone = stones.get(uid);
      return stone === undefined || isOld(stone.atMs) ? undefined : stone.version;
    },
    remove: (uid) => void stones.delete(uid),
    forgetVersions() {
      for (const stone of stones.values()) stone.version = '';
    },
    get size() {
      return stones.size;
    },
  };
}
