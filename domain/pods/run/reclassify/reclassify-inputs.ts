import type { PodRunState } from '../pod-run.ts';
import { nextAttempt } from '../pod-run.ts';
import type { ReclassifyInput } from '../reclassification.ts';

/** What a reclassification of this run is given, but for the moment it is made at. */
export function reclassifyInputs(state: PodRunState): Omit<ReclassifyInput, 'now'> {
  const { failures, failuresDropped: dropped, snapshot, deletion, verdict, gone } = state;
  return {
    failures,
    dropped,
    snapshot,
    deletion,
    verdict,
    latest: state.timeline.at(-1) ?? null,
    gone,
    attempt: nextAttempt(state),
  };
}
