import type { WriteStream } from 'node:tty';
import { printTable } from '../../../cli/output.ts';
import type { DemoRun } from '../runs.ts';
import { conclusionText } from './conclusion-text.ts';
import { type Row, rowsOf } from './row.ts';
import type { DemoView } from './view.ts';

/** For a terminal: one table that is drawn anew in place; what is told once is printed above it. */
export function createLiveView(terminal: WriteStream): DemoView {
  let drawn: readonly string[] = [];
  let runs: readonly DemoRun[] = [];

  const erase = () => {
    if (drawn.length > 0) terminal.write(`\u001b[${drawn.length}A\u001b[0J`);
    drawn = [];
  };
  const draw = (lines: readonly string[]) => {
    if (lines.length > 0) terminal.write(`${lines.join('\n')}\n`);
    drawn = lines;
  };
  // A table higher than the terminal could not be erased again: its top would have scrolled away.
  const table = () => tableLines(rowsOf(runs), terminal).slice(0, Math.max(terminal.rows - 2, 3));
  const printAbove = (text: string) => {
    erase();
    terminal.write(`${text}\n`);
    draw(table());
  };
  return {
    tell: printAbove,
    step: ({ text }) => printAbove(text),
    show: (newest) => {
      runs = newest;
      const lines = table();
      if (lines.join() === drawn.join()) return;
      erase();
      draw(lines);
    },
    conclude: (conclusion) => printAbove(`\n${conclusionText(conclusion)}\n`),
  };
}

function tableLines(rows: readonly Row[], { columns }: WriteStream): string[] {
  if (rows.length === 0) return [];
  let text = '';
  const output = { isTTY: true, columns, write: (part: string) => (text += part) };
  const { pod, operation, verdict, evidence } = titles;
  printTable(
    rows,
    [
      { title: pod, value: (row) => row.pod },
      { title: operation, value: (row) => row.operation },
      { title: verdict, value: (row) => row.verdict },
      { title: evidence, value: (row) => row.evidence },
    ],
    output,
  );
  const [heading = '', ...lines] = text.trimEnd().split('\n');
  return [heading, ...lines.map((line, index) => link(line, rows[index]))];
}

const titles = { pod: 'POD (click: its run)', operation: 'OPERATION', verdict: 'VERDICT', evidence: 'EVIDENCE' };

/** Makes the pod's name a link (OSC 8); a terminal that knows no links shows the name. */
function link(line: string, row: Row | undefined): string {
  if (row === undefined || !line.startsWith(row.pod)) return line;
  return `\u001b]8;;${row.url}\u001b\\${row.pod}\u001b]8;;\u001b\\${line.slice(row.pod.length)}`;
}
