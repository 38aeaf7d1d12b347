import { stripVTControlCharacters, styleText } from 'node:util';

/** Where text goes: `process.stdout`, or a stand-in for it. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width in characters, of a terminal. */
  readonly columns?: number;
}

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
}

const gap = '  ';
/** A column is not made narrower than this, so that what is left of it still says something. */
const narrowest = 12;

/**
 * Prints rows under a heading. On a terminal the widest columns are cut to its width; in a pipe nothing is cut. Bold
 * only on a terminal, and not with NO_COLOR.
 */
export function printTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  output: TextOutput = process.stdout,
): void {
  const cells = rows.map((row) => columns.map(({ value }) => printable(value(row))));
  const titles = columns.map(({ title }) => title);
  const natural = titles.map((title, index) =>
    cells.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), title.length),
  );
  const widths = output.isTTY === true ? fit(natural, output.columns ?? 80) : natural;
  const heading = formatRow(titles, widths);
  output.write(`${output.isTTY === true ? styleText('bold', heading) : heading}\n`);
  for (const row of cells) output.write(`${formatRow(row, widths)}\n`);
}

/** One line without control characters: what a pod says of itself must not steer the terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** Takes from the widest column, one by one, until the table fits or nothing wide is left. */
function fit(natural: readonly number[], available: number): readonly number[] {
  const widths = natural.map((width) => Math.min(width, available));
  let excess = widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - available;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function formatRow(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => {
      const width = widths[index] ?? cell.length;
      return (cell.length > width ? `${cell.slice(0, width - 1)}…` : cell).padEnd(width);
    })
    .join(gap)
    .trimEnd();
}
