import type { SourceCheckpoint } from '../../../domain/pods/watch/watch-checkpoint.ts';

/**
 * Knows how far one source's watch may be resumed from: the last resumable version before which nothing is outstanding.
 * Changes are accepted out of order (pods are sent in parallel), so the checkpoint waits for the oldest one.
 */
export interface CheckpointTracker {
  /** Notes an item read from the watch; `resumable` is absent when its version is no point to resume from. */
  track(resumable: SourceCheckpoint | undefined): { settle: () => void };
  /** Undefined until a first resumable version is complete. */
  safe(): SourceCheckpoint | undefined;
  outstanding(): number;
  /** Milliseconds since the epoch of the oldest unsettled item, for the metric; undefined when there is none. */
  oldestMs(): number | undefined;
}

interface Tracked {
  readonly resumable: SourceCheckpoint | undefined;
  readonly trackedAtMs: number;
  settled: boolean;
}

export function createCheckpointTracker(start: SourceCheckpoint | undefined, now: () => number): CheckpointTracker {
  let safe = start;
  let items: Tracked[] = [];
  let head = 0;
  const advance = (): void => {
    for (let item = items[head]; item?.settled === true; item = items[head]) {
      safe = item.resumable ?? safe;
      head += 1;
    }
    if (head > 1024 && head * 2 > items.length) {
      items = items.slice(head);
      head = 0;
    }
  };
  return {
    track(resumable) {
      const item: Tracked = { resumable, trackedAtMs: now(), settled: false };
      items.push(item);
      return {
        settle: () => {
          item.settled = true;
          advance();
        },
      };
    },
    safe: () => safe,
    outstanding: () => items.length - head,
    oldestMs: () => items[head]?.trackedAtMs,
  };
}
