import { type Command, Option } from 'commander';
import { addJudgeOptions, type JudgeOptions } from './classify/judge-options.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';

interface ClassifyOptions extends JudgeOptions {
  readonly rules?: string;
  readonly output: 'table' | 'json';
}

/** `podkeeper classify`: verdicts on pods in files, without any server. */
export function addClassifyCommand(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  const classify = program
    .command('classify')
    .description('say what happened to the pods in a file, without any server')
    .argument('<path>', 'a file, a directory (read with its sub-directories) or "-" for standard input');
  addJudgeOptions(classify)
    .option('--rules <file>', 'apply these rules to the verdicts, and tell what they add')
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
With --rules it is the verdict after the rules, with "tags", "team", "rules" (those that matched) and "rulesVersion" added.
Limits: 256 MiB a file, 16 MiB when it is YAML, 100 aliases a document.
Exit codes: 0 all was read, 2 something was not (the rest is printed all the same).
Example: kubectl get pods -A -o json | podkeeper classify -`;
