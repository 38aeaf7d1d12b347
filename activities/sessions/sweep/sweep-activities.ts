import type { SweepResult } from '../../../domain/sessions/sweep/sweep-result.ts';

export interface SweepActivities {
  /** Compares all session pods with all runs of sessions and repairs what differs; safe to do at any time, and twice at once. */
  comparePodsWithRuns(input: { readonly cluster: string }): Promise<SweepResult>;
}
