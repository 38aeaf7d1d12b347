import type { TimelineEntry } from '../../../domain/pods/run/pod-run.ts';
import type { DemoRun } from '../runs.ts';

/** One classification that was not shown before. */
export interface News {
  readonly run: DemoRun;
  readonly entry: TimelineEntry;
  /** The newest of its run: the run's state is about this one. */
  readonly isNewest: boolean;
}

/** Gives each classification once, in the order they were observed. */
export function createNews() {
  const told = new Map<string, number>();
  return function news(runs: readonly DemoRun[]): News[] {
    const fresh = runs.flatMap((run) => {
      const entries = run.timeline.slice(told.get(run.runId) ?? 0);
      told.set(run.runId, run.timeline.length);
      return entries.map((entry, index) => ({ run, entry, isNewest: index === entries.length - 1 }));
    });
    return fresh.sort((one, other) => one.entry.observedAt.localeCompare(other.entry.observedAt));
  };
}
