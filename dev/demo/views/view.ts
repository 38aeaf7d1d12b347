import type { Check } from '../check.ts';
import type { DemoRun } from '../runs.ts';

/** How the demo shows itself. Progress goes to standard error elsewhere; this is what it has to say. */
export interface DemoView {
  /** Text for a person, printed once; nothing of it is for machines. */
  readonly tell: (text: string) => void;
  /** The runs as they are now. */
  readonly show: (runs: readonly DemoRun[]) => void;
  /** What was seen against what was caused. */
  readonly conclude: (conclusion: Conclusion) => void;
}

export interface Conclusion {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly runs: readonly DemoRun[];
  readonly seconds: number;
}
