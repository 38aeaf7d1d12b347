/** A figure has to be at least, or at most, this. */
type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** One measured figure. Its unit is part of its name. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly bar?: Bar;
}

export interface BenchResult {
  readonly bench: string;
  readonly figures: readonly Figure[];
  /** What somebody who reads the figures has to know: a rival that was not there. */
  readonly notes?: readonly string[];
}

/** Undefined when the figure has no bar. */
export function meetsBar({ value, bar }: Figure): boolean | undefined {
  if (bar === undefined) return undefined;
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}
