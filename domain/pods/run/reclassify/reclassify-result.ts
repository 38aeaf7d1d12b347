/** Why something could not be classified, and the user rule that made it fail. */
export interface WhyFailed {
  /** At most 1024 characters. */
  readonly reason: string;
  readonly rule?: string;
}

/** `changed` and `unchanged` are of runs without failures. */
export type ReclassifyOutcome = 'fixed' | 'still-failing' | 'changed' | 'unchanged';

/** What a replay tells of one run. */
export interface ReclassifyResult {
  readonly outcome: ReclassifyOutcome;
  /** Changes classified now that could not be before. */
  readonly fixed: number;
  /** Changes that still can't be classified. */
  readonly failing: number;
  /** The verdict before and after, in short: `Degraded, OOMKilled, high`; `none` where there is none. */
  readonly from: string;
  readonly to: string;
  /** Of the last failure, and the rule that made it; of the new look at the verdict when only that failed. */
  readonly reason?: string;
  readonly rule?: string;
  readonly rulesVersion: string;
}
