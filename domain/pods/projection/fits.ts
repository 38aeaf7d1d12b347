import type { PodSnapshot } from '../pod-snapshot.ts';
import { snapshotLimitBytes } from './limits.ts';

/** Whether the snapshot's JSON, as UTF-8, is within the limit. */
export function fitsSnapshotLimit(snapshot: PodSnapshot): boolean {
  const json = JSON.stringify(snapshot);
  // One UTF-16 unit is one to three bytes of UTF-8: only texts in between need counting.
  if (json.length * 3 <= snapshotLimitBytes) return true;
  return json.length <= snapshotLimitBytes && utf8Length(json) <= snapshotLimitBytes;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is four bytes for two units; JSON.stringify writes lone surrogates as ASCII escapes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
