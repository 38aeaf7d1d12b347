import type { ClassifyRunOptions } from '../pods/run/classify-run.ts';
import { type FailedClassification, timelineLimits, type TimelineEntry } from '../pods/run/pod-run.ts';
import { dropOldest } from '../pods/run/pod-run-record.ts';
import { reclassifyResult, reclassifyRun } from '../pods/run/reclassify-run.ts';
import type { ReclassifyInput, ReclassifyResult } from '../pods/run/reclassification.ts';
import type { Verdict } from '../pods/verdict/types.ts';

/** What a closed run lacked. */
export interface ReclassifiedPod extends ReclassifyResult {
  /** The newest classifications made now, oldest first; at most 50 and 128 KB. */
  readonly entries: readonly TimelineEntry[];
  readonly entriesDropped: number;
  /** The pod's last verdict; null when its last change was classified long ago, by the run itself. */
  readonly verdict: Verdict | null;
  /** Older inputs that the run could not keep: they can't be tried any more. */
  readonly lost: number;
}

export interface ReclassifyClosedOptions extends ClassifyRunOptions {
  /** RFC 3339. */
  readonly now: string;
}

/** What a failed run left: not empty, oldest first. */
export interface LeftBehind {
  readonly failures: readonly FailedClassification[];
  readonly dropped: number;
  readonly summary: { readonly classified: number; readonly failed: number };
}

/** Tries again what a closed run left in its failure. Pure; what fails again is told in the result. */
export function reclassifyClosed(
  { failures, dropped, summary }: LeftBehind,
  { now, ...options }: ReclassifyClosedOptions,
): ReclassifiedPod {
  // The run's last classified snapshot is not among what it left, but every failure knows the one it was seen with.
  const last = failures.at(-1);
  const input: ReclassifyInput = {
    failures,
    snapshot: last?.previous ?? null,
    deletion: last?.deletion ?? null,
    verdict: null,
    latest: null,
    gone: true,
    attempt: summary.classified + summary.failed + 1,
    now,
  };
  const output = reclassifyRun(input, options);
  const batches = output.retried.flatMap((tried) => (tried.fixed ? [tried] : []));
  const { kept, dropped: entriesDropped } = dropOldest(
    batches.flatMap(({ batch }) => batch.entries),
    timelineLimits,
  );
  return {
    ...reclassifyResult(input, output),
    entries: kept,
    entriesDropped,
    verdict: batches.findLast(({ advances }) => advances)?.batch.verdict ?? null,
    lost: dropped,
  };
}

/** What a replay tells of a closed run: its verdict before isn't known, and the one after only when its end was classified now. */
export function closedResult({ outcome, to, reason, rule, rulesVersion, verdict, lost }: ReclassifiedPod) {
  const told = reason ?? (lost > 0 ? `${lost} older changes could not be kept and can't be tried` : undefined);
  return {
    outcome,
    rulesVersion,
    ...(verdict === null ? {} : { to }),
    ...(told === undefined ? {} : { reason: told }),
    ...(rule === undefined ? {} : { rule }),
  };
}
