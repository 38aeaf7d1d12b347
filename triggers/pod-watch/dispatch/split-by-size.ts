import type { PendingChange } from './pending-change.ts';

/** A signal carries at most this much JSON; the server refuses payloads over 2 MB and warns from 256 KB. */
export const maxSignalBytes = 256 * 1024;

/** Takes from the front what fits into one signal; always at least one change. */
export function splitBySize(items: readonly PendingChange[]): [batch: PendingChange[], rest: PendingChange[]] {
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
