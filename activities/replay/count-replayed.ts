import type { Metrics } from '../../platform/metrics.ts';
import type { ReplayCounts } from '../../domain/replay/replay.ts';

/** Counts what a page of a replay brought, by outcome. Tried again, it counts again: good enough for a metric. */
export function createCountReplayed({ metrics }: { readonly metrics: Metrics }) {
  return function countReplayed(counts: Partial<ReplayCounts>): Promise<void> {
    for (const [outcome, count] of Object.entries(counts)) metrics.reclassifications.inc({ outcome }, count);
    return Promise.resolve();
  };
}
