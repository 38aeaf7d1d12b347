import { printable, type TextOutput } from '../../../cli/output.ts';
import { conclusionText } from './conclusion-text.ts';
import { createNews, type News } from './news.ts';
import { evidenceText, verdictText } from './row.ts';
import type { DemoView } from './view.ts';

/** For a pipe or a log: a line for each classification, the run's link when it begins and when it becomes an incident. */
export function createLineView(output: TextOutput): DemoView {
  const news = createNews();
  const linked = new Map<string, string>();
  const print = (line: string) => output.write(`${line}\n`);

  const printNews = ({ run, entry, isNewest }: News) => {
    const [finding] = isNewest && entry.primary !== null ? (run.state.verdict?.findings ?? []) : [];
    const evidence = finding === undefined ? '' : `  [${evidenceText(finding.evidence)}]`;
    print(
      `${entry.observedAt.slice(11, 19)}  ${printable(entry.taskName).padEnd(34)} ${verdictText(entry)}` +
        printable(`${entry.summary === null ? '' : ` – ${entry.summary}`}${evidence}`),
    );
    const worthALink = entry.incident ? `${entry.primary ?? ''} incident` : 'run';
    if (linked.get(run.runId) === worthALink || (linked.has(run.runId) && !entry.incident)) return;
    linked.set(run.runId, worthALink);
    print(`          ${run.url}`);
  };
  return {
    tell: print,
    step: ({ text }) => print(text),
    show: (runs) => news(runs).forEach(printNews),
    conclude: (conclusion) => print(`\n${conclusionText(conclusion)}\n`),
  };
}
