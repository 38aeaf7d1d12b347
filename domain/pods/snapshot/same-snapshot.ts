import type { PodSnapshot } from './pod-snapshot.ts';

/**
 * Whether two snapshots say the same but for `version`: a change between two such says nothing new. What is not in the
 * snapshot (managedFields, heartbeat and probe times) does not count; neither does the order of keys.
 */
export function sameSnapshot(a: PodSnapshot, b: PodSnapshot): boolean {
  return a === b || sameFields(a, b, 'version');
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) if (!sameValue(a[index], b[index])) return false;
    return true;
  }
  return !Array.isArray(b) && sameFields(a, b);
}

function sameFields(a: object, b: object, ignored?: string): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (key === ignored) continue;
    if (!Object.hasOwn(b, key)) return false;
    if (!sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}
