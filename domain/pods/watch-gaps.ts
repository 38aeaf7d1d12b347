import type { WatchGap } from './watch-checkpoint.ts';

/** How many gaps a watch keeps; older ones are only counted. */
export const maxGapsKept = 50;

export interface GapLog {
  readonly gaps: readonly WatchGap[];
  readonly gapCount: number;
}

/**
 * Adds a gap to the log. An attempt that dies between reporting a gap and passing its checkpoint reports it again,
 * possibly with a later end: the same source and start make it the same gap, which then grows.
 */
export function recordGap({ gaps, gapCount }: GapLog, gap: WatchGap): GapLog {
  const known = gaps.findIndex((other) => other.source === gap.source && other.fromVersion === gap.fromVersion);
  if (known >= 0) return { gaps: gaps.with(known, gap), gapCount };
  return { gaps: [...gaps, gap].slice(-maxGapsKept), gapCount: gapCount + 1 };
}
