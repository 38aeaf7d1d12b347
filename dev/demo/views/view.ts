import type { EnvironmentState } from '../../environment/state.ts';
import type { Check } from '../check.ts';
import type { DemoRun } from '../runs.ts';

/** How the demo shows itself. Progress goes to standard error elsewhere; this is what it has to say. */
export interface DemoView {
  /** Text for a person, printed once; nothing of it is for machines. */
  readonly tell: (text: string) => void;
  /** Something the demo did or saw beside the acts, as it happens; for persons and machines. */
  readonly step: (step: DemoStep) => void;
  /** The runs as they are now. */
  readonly show: (runs: readonly DemoRun[]) => void;
  /** What was seen against what was caused. */
  readonly conclude: (conclusion: Conclusion) => void;
}

export interface DemoStep {
  readonly step: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Conclusion {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly runs: readonly DemoRun[];
  readonly seconds: number;
}

/** Where the pods are, for those who judge what was seen. */
export interface DemoPlace {
  readonly node: EnvironmentState['node'];
  /** Why the node is not real although one was asked for. */
  readonly reason: string | null;
  readonly temporalUiUrl: string;
  /** Scenarios that were left out, because only a real node can play them. */
  readonly skipped: readonly string[];
}
