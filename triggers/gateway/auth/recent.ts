/** What was used lately, by name. */
export interface Recent<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
  delete(name: string): void;
}

/**
 * Keeps at most `most` values, and at least the half of them that was used last. Two maps that take turns: reading one that
 * is in use changes nothing, where a map in the order of use would be rebuilt all the time.
 */
export function createRecent<T>(most: number): Recent<T> {
  const half = Math.max(1, Math.floor(most / 2));
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const set = (name: string, value: T): void => {
    if (young.size >= half && !young.has(name)) [old, young] = [young, new Map<string, T>()];
    young.set(name, value);
  };
  return {
    get(name) {
      const found = young.get(name);
      if (found !== undefined) return found;
      const older = old.get(name);
      if (older !== undefined) set(name, older);
      return older;
    },
    set,
    delete(name) {
      young.delete(name);
      old.delete(name);
    },
  };
}
