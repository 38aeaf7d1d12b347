import { isObserved, type PodChange } from '../pod-change.ts';
import type { PodRunState } from './pod-run.ts';
import { newestFailuresStart } from './reclassify/newest-failures.ts';
import type { PodSnapshot } from '../snapshot/pod-snapshot.ts';
import { sameSnapshot } from '../snapshot/same-snapshot.ts';
import { compareVersions } from '../snapshot/compare-versions.ts';

/** Changes as they arrive in one signal. */
export interface IncomingBatch {
  readonly changes: readonly PodChange[];
  readonly epoch: number;
}

export interface Accepted {
  readonly state: PodRunState;
  /** The changes that say something new, in order. */
  readonly fresh: readonly PodChange[];
}

/**
 * Keeps what is new. Signals may come twice, late or from a watch that lost its hold: a version at or below the last
 * one was already taken in. Versions that can't be ordered count unless they equal the last; a change without a version
 * (webhook) counts unless it equals the last snapshot seen, classified or not; an inferred delete always counts while the pod is not gone.
 */
export function acceptBatch(state: PodRunState, batch: IncomingBatch): Accepted {
  let { lastVersion, leftScopeVersion, gone, snapshot, epoch } = state;
  if (batch.epoch > epoch) {
    epoch = batch.epoch;
    lastVersion = '';
  }
  let seen = newestSeen(state);
  const fresh: PodChange[] = [];
  for (const change of batch.changes) {
    if (gone) break;
    if (isMalformed(change)) {
      fresh.push(change);
      gone = change.operation === 'delete';
      continue;
    }
    if (!isObserved(change)) {
      if (change.operation === 'leftScope') {
        if (!isNewer(change.version, leftScopeVersion)) continue;
        leftScopeVersion = change.version;
      }
      fresh.push(change);
      gone = change.operation === 'delete';
      continue;
    }
    const { version } = change.snapshot;
    const repeated =
      version === ''
        ? seen !== null && change.operation !== 'delete' && sameSnapshot(seen, change.snapshot)
        : !isNewer(version, lastVersion);
    if (repeated) continue;
    // A watch that lost its hold before it could note the pod finds it anew: it was added once all the same.
    fresh.push(change.operation === 'add' && snapshot !== null ? { ...change, operation: 'update' } : change);
    ({ snapshot } = change);
    seen = snapshot;
    if (version !== '') lastVersion = version;
    gone = change.operation === 'delete';
  }
  return { state: { ...state, epoch, lastVersion, leftScopeVersion, gone }, fresh };
}

/**
 * The newest snapshot there is, also of what could not be classified: a change back to how the pod was before a failed one
 * is news, and the failed one sent again is not.
 */
function newestSeen(state: PodRunState): PodSnapshot | null {
  for (const { changes } of state.failures.slice(newestFailuresStart(state)).toReversed()) {
    const last = changes.findLast(isObserved);
    if (last !== undefined && !isMalformed(last)) return last.snapshot;
  }
  return state.snapshot;
}

/** Not even a version to go by. Its classification will say what is wrong with it, so it is neither dropped nor trusted. */
function isMalformed(change: PodChange): boolean {
  const holder: unknown = isObserved(change) ? change.snapshot : change;
  if (typeof holder !== 'object' || holder === null) return true;
  return typeof (holder as { readonly version?: unknown }).version !== 'string';
}

function isNewer(version: string, last: string): boolean {
  if (last === '') return true;
  const order = compareVersions(version, last);
  return order === undefined ? version !== last : order > 0;
}
