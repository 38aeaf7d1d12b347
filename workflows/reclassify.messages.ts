import type { TimelineEntry } from '../domain/pods/run/pod-run.ts';
import type { ReclassifyResult } from '../domain/pods/run/reclassification.ts';
import type { Verdict } from '../domain/pods/verdict/types.ts';

/** Classifies what a closed pod run left behind. Child of a replay; fails while something still can't be classified. */
export const reclassifyType = 'reclassify';

export interface ReclassifyClosedInput {
  readonly cluster: string;
  /** The failed run: its inputs are read from its failure's details. */
  readonly workflowId: string;
  readonly runId: string;
  readonly requestId: string;
  readonly reason: string;
}

/** What the closed run lacked. */
export interface ReclassifiedPod extends ReclassifyResult {
  readonly entries: readonly TimelineEntry[];
  readonly verdict: Verdict | null;
}
