import { sayDuration } from '../../context/time.ts';
import type { End } from '../end.ts';

/**
 * The gap between an end and the next start when it is too long for a back-off (300 s at most): then the node was away.
 * Returned as words for the detail.
 */
export function findNodeGap({ context, end }: End): string | undefined {
  const { finishedAt, nextStartAt } = end;
  if (finishedAt === undefined || nextStartAt === undefined) return undefined;
  const gap = nextStartAt - finishedAt;
  if (gap < context.windows.nodeGapSeconds * 1000) return undefined;
  return `${sayDuration(gap)} passed before the next start, which points to the node`;
}
