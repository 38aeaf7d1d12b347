import type { WatchDependencies } from './watch-dependencies.ts';
import { createWatchPodsInterval } from './watch-interval.ts';

/** The one activity of a watch worker. */
export function createWatchActivities(dependencies: WatchDependencies) {
  return { watchPodsInterval: createWatchPodsInterval(dependencies) };
}

export type WatchActivities = ReturnType<typeof createWatchActivities>;
