import { type Command, Option } from 'commander';
import type { RunFilter } from '../platform/temporal/runs/visibility-query.ts';
import { wholeNumber } from './whole-number.ts';

interface ListOptions extends RunFilter {
  readonly limit: number;
  readonly output: 'table' | 'json';
}

/** `podkeeper runs list|show`: looks at runs without knowing Temporal's query language. */
export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('look at runs: one per pod, one per watch');

  runs
    .command('list')
    .description('list runs, newest first')
    .option('-n, --namespace <name>', 'pods of this namespace')
    .option('--pod <name>', 'runs of pods with this name')
    .option('--owner <kind/name>', 'pods of this owner, such as ReplicaSet/web-5d4f')
    .option('--node <name>', 'pods on this node')
    .option('--cause <cause>', 'pods whose last incident had this primary cause, such as OOMKilled')
    .option('--severity <severity>', 'critical, high, medium, low or info')
    .option('--state <state>', 'health of the pod, such as Degraded, or classification-failed')
    .option('--tag <tag>', 'runs whose last tags hold this one, such as incident')
    .option('--status <status>', 'status of the run itself: running, completed, failed …')
    .option('--type <workflow>', 'workflow type: podLifecycle or watchPods')
    .option('--cluster <name>', 'runs of this cluster only')
    .option('--query <condition>', "a further condition in Temporal's query language")
    .option('--limit <number>', 'at most this many', wholeNumber({ min: 1, max: 10_000 }), 50)
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nJSON output is one object a line.\nExample: podkeeper runs list --cause OOMKilled')
    .action(async ({ limit, output, ...filter }: ListOptions) => {
      const { listRuns } = await import('./runs/list.ts');
      await listRuns({ filter, limit, output });
    });

  runs
    .command('show')
    .description('show one run: where the pod (or the watch) stands and its timeline')
    .argument('<run>', 'the id of a run, or <namespace>/<pod>')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nWorks for ended runs too, as long as a pod worker is running and Temporal keeps them.')
    .action(async (run: string, { output }: { output: 'table' | 'json' }) => {
      const { showRun } = await import('./runs/show.ts');
      await showRun({ run, output });
    });
}
