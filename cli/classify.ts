import { type Command, InvalidArgumentError, Option } from 'commander';
import { isTime } from '../domain/pods/snapshot/validation/checks.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';

interface ClassifyOptions {
  readonly events?: string;
  readonly node?: string;
  readonly now?: Date;
  readonly output: 'table' | 'json';
}

/** `podkeeper classify`: verdicts on pods in files, without any server. */
export function addClassifyCommand(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  program
    .command('classify')
    .description('say what happened to the pods in a file, without any server')
    .argument('<path>', 'a file, a directory (read with its sub-directories) or "-" for standard input')
    .option('--events <file>', 'Events of these pods and their nodes, as further evidence')
    .option('--node <file>', 'the nodes of these pods, as further evidence')
    .option('--now <time>', 'the moment to judge by, RFC 3339 (default: now; for a recording, its own times)', parseNow)
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', helpText)
    .action(async (path: string, options: ClassifyOptions) => {
      const { runClassify } = await import('./classify/run-classify.ts');
      await runClassify({ path, ...options }, openTerminal());
    });
}

const helpText = `
Reads Pod, PodList and List as YAML (several documents too), JSON, JSON lines, the output of
"kubectl get pods --watch --output-watch-events -o json" and recordings. Of a directory it reads
*.yaml, *.yml, *.json, *.jsonl and *.ndjson, in sorted order.
JSON output of one pod is its verdict; of many, one verdict a line, with "pod" and "source" added.
Limits: 256 MiB a file, 16 MiB when it is YAML, 100 aliases a document.
Exit codes: 0 all was read, 2 something was not (the rest is printed all the same).
Example: kubectl get pods -A -o json | podkeeper classify -`;

function parseNow(text: string): Date {
  if (isTime(text, 'now') !== undefined) {
    throw new InvalidArgumentError('Give an RFC 3339 time such as 2026-01-31T12:00:00Z.');
  }
  return new Date(text);
}
