export type { ReclassifiedPod } from '../domain/replay/reclassify-closed.ts';

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
