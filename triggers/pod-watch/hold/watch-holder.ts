import type { WatchView } from '../../../domain/pods/watch/watch-view.ts';

/** The watch this process holds, if any: written by the activity, read by readiness and metrics. */
export interface WatchHolder {
  view(): WatchView | undefined;
  set(view: WatchView | undefined): void;
}

export function createWatchHolder(): WatchHolder {
  let current: WatchView | undefined;
  return { view: () => current, set: (view) => void (current = view) };
}
