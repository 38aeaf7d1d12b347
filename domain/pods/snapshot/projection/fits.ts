import { utf8Bytes } from '../json-bytes.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import { snapshotLimitBytes } from './limits.ts';

/** Whether the snapshot's JSON, as UTF-8, is within the limit. */
export function fitsSnapshotLimit(snapshot: PodSnapshot): boolean {
  const json = JSON.stringify(snapshot);
  // One UTF-16 unit is one to three bytes of UTF-8: only texts in between need counting.
  if (json.length * 3 <= snapshotLimitBytes) return true;
  return json.length <= snapshotLimitBytes && utf8Bytes(json) <= snapshotLimitBytes;
}
