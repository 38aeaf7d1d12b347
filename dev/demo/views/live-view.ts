import type { WriteStream } from 'node:tty';
import { printTable } from '../../../cli/output.ts';
import type { DemoRun } from '../runs.ts';
import { conclusionText } from './conclusion-text.ts';
import { type Row, rowsOf } from './row.ts';
import type { DemoView } from './view.ts';

/** For a terminal: one table that is drawn anew in place; what is told once is printed above it. */
export function createLiveView(terminal: WriteStream): DemoView {
  let drawnLines = 0;
  let runs: readonly DemoRun[] = [];

  const erase = () => {
    if (drawnLines > 0) terminal.write(`\u001b[${drawnLines}A\u001b[0J`);
    drawnLines = 0;
  };
  const draw = () => {
    if (runs.length === 0) return;
    // A table higher than the terminal could not be erased again: its top would have scrolled away.
    const lines = tableLines(rowsOf(runs), terminal).slice(0, Math.max(terminal.rows - 2, 3));
    terminal.write(`${lines.join('\n')}\n`);
    drawnLines = lines.length;
  };
  const printAbove = (text: string) => {
    erase();
    terminal.write(`${text}\n`);
    draw();
  };
  return {
    tell: printAbove,
    show: (newest) => {
      runs = newest;
      erase();
      draw();
    },
    conclude: (conclusion) => printAbove(`\n${conclusionText(conclusion)}\n`),
  };
}

function tableLines(rows: readonly Row[], { columns }: WriteStream): string[] {
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
