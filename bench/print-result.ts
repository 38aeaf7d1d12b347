import { printTable, type TextOutput } from '../cli/output.ts';
import { type BenchResult, type Figure, meetsBar } from './result.ts';

/** JSON: one object with every figure by its name, and under `bars` those that have one. Notes come last. */
export function printResult(
  { bench, figures, notes = [] }: BenchResult,
  format: 'table' | 'json',
  output: TextOutput = process.stdout,
): void {
  if (format === 'json') {
    const values = Object.fromEntries(figures.map(({ name, value }) => [name, rounded(value)]));
    const withBar = figures.filter(({ bar }) => bar !== undefined);
    const bars = Object.fromEntries(
      withBar.map((figure) => [figure.name, { ...figure.bar, met: meetsBar(figure) }] as const),
    );
    output.write(`${JSON.stringify({ bench, ...values, bars, ...(notes.length > 0 && { notes }) })}\n`);
    return;
  }
  printTable(
    figures,
    [
      { title: 'FIGURE', value: ({ name }) => name },
      { title: 'VALUE', value: ({ value }) => String(rounded(value)) },
      { title: 'BAR', value: describeBar },
      { title: 'MET', value: (figure) => ({ true: 'yes', false: 'NO' })[String(meetsBar(figure))] ?? '' },
    ],
    output,
  );
  for (const note of notes) output.write(`${note}\n`);
}

function describeBar({ bar }: Figure): string {
  if (bar === undefined) return '';
  return 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`;
}

/** Four significant digits: more would be noise. Whole numbers keep all of theirs. */
function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
