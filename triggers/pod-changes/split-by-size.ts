import type { PodChange } from '../../domain/pods/pod-change.ts';

/** A signal carries at most this much JSON; the server refuses payloads over 2 MB and warns from 256 KB. */
export const maxSignalBytes = 256 * 1024;

/** Takes from the front what fits into one signal; always at least one change. */
export function splitBySize<T extends { readonly change: PodChange }>(items: readonly T[]): [batch: T[], rest: T[]] {
  if (items.length === 1) return [[...items], []];
  let bytes = 0;
  let count = 0;
  for (const item of items) {
    bytes += Buffer.byteLength(JSON.stringify(item.change));
    if (count > 0 && bytes > maxSignalBytes) break;
    count += 1;
  }
  return [items.slice(0, count), items.slice(count)];
}
