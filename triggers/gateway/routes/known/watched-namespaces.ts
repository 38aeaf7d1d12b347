/** A watch that is healthy is heard of every minute: bookmarks. */
const silentMs = 90_000;

/** How each watched namespace stands. */
export interface WatchedNamespaces {
  follow(namespaces: readonly string[]): void;
  listed(namespace: string): void;
  heard(namespace: string): void;
  /** Why not all of them were listed; undefined when they were. */
  notListed(): string | undefined;
  /** Heard of within 90 s, and complete then. */
  isFresh(namespace: string): boolean;
  isStale(): boolean;
}

export function createWatchedNamespaces(clock: () => number): WatchedNamespaces {
  const watched = new Map<string, { listed: boolean; heardAtMs: number }>();
  const isFresh = (namespace: string) => {
    const found = watched.get(namespace);
    return found !== undefined && found.listed && clock() - found.heardAtMs <= silentMs;
  };
  return {
    follow(namespaces) {
      for (const namespace of namespaces) watched.set(namespace, { listed: false, heardAtMs: clock() });
    },
    listed(namespace) {
      watched.set(namespace, { listed: true, heardAtMs: clock() });
    },
    heard(namespace) {
      const found = watched.get(namespace);
      if (found !== undefined) found.heardAtMs = clock();
    },
    notListed() {
      if (watched.size === 0) return 'session pods are not watched yet';
      for (const [namespace, { listed }] of watched) {
        if (!listed) return `the session pods of namespace ${namespace} are not listed yet`;
      }
      return undefined;
    },
    isFresh,
    // Before its first list a namespace is stale only once that takes too long.
    isStale: () => [...watched.values()].some(({ heardAtMs }) => clock() - heardAtMs > silentMs),
  };
}
