import type { WatchView } from '../../../domain/pods/watch/watch-view.ts';

/** The watch this process holds, if any: written by the activity, read by readiness and metrics. */
export interface WatchHolder {
  view(): WatchView | undefined;
  /** Sources without a version to go on from yet, as their first list is not wholly taken in. */
  unlisted(): readonly string[];
  hold(view: WatchView, unlisted: readonly string[]): void;
  release(): void;
}

export function createWatchHolder(): WatchHolder {
  let held: { readonly view: WatchView; readonly unlisted: readonly string[] } | undefined;
  return {
    view: () => held?.view,
    unlisted: () => held?.unlisted ?? [],
    hold: (view, unlisted) => void (held = { view, unlisted }),
    release: () => void (held = undefined),
  };
}
