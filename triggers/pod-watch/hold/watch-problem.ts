import type { WatchHolder } from './watch-holder.ts';

/** Bookmarks come every minute, so a stream that is silent for longer is not a quiet one. */
const freshStreamSeconds = 90;

/** Why the watch this process holds can't be relied on; undefined when it can, and for a standby, which holds none. */
export function watchProblem(holder: Pick<WatchHolder, 'view' | 'unlisted'>): string | undefined {
  const ageSeconds = holder.view()?.streamAgeSeconds ?? 0;
  if (ageSeconds > freshStreamSeconds) return `the watch stream has been silent for ${Math.round(ageSeconds)} s`;
  const [first, ...others] = holder.unlisted();
  if (first === undefined) return undefined;
  const where = first === '' ? 'the cluster' : `namespace ${first}`;
  return `the first list of ${where}${others.length === 0 ? '' : ` and ${others.length} more`} is not complete yet`;
}
