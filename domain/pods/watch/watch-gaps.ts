import type { WatchGap } from './watch-checkpoint.ts';

/** How many gaps a watch keeps; older ones are only counted. */
const maxGapsKept = 50;

export interface GapLog {
  readonly gaps: readonly WatchGap[];
  readonly gapCount: number;
}

/**
 * Adds a gap to the log. An attempt that dies between reporting a gap and passing its checkpoint reports it again,
 * possibly with a later end: the same source and start make it the same gap, which then grows. Where the version it
 * started at is lost, the time has to be the same, too: counting one gap twice beats hiding one.
 */
export function recordGap({ gaps, gapCount }: GapLog, gap: WatchGap): GapLog {
  const known = gaps.findIndex(
    ({ source, fromVersion, fromTime }) =>
      source === gap.source && fromVersion === gap.fromVersion && (fromVersion !== '' || fromTime === gap.fromTime),
  );
  if (known >= 0) return { gaps: gaps.with(known, gap), gapCount };
  return { gaps: [...gaps, gap].slice(-maxGapsKept), gapCount: gapCount + 1 };
}
