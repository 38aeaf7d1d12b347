import { type Command, Option } from 'commander';
import type { RunFilter } from '../platform/temporal/runs/visibility-query.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

interface ListOptions extends RunFilter {
  readonly limit: number;
  readonly output: 'table' | 'json';
}

/** `podkeeper runs list|show`: looks at runs without knowing Temporal's query language. */
export function addRunsCommands(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  const runs = program.command('runs').description('look at runs: one per pod, per watch and per replay');

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
    .option('--type <workflow>', 'workflow type: podLifecycle, watchPods, replayClassifications or reclassify')
    .option('--cluster <name>', 'runs of this cluster only')
    .option('--from <time>', 'runs started at this time (RFC 3339) or later')
    .option('--to <time>', 'runs started before this time (RFC 3339)')
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
    .description('show one run: where its pod or watch stands, or what a replay did')
    .argument('<run>', 'the id of a run, or <namespace>/<pod>')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      '\nA pod run comes with its verdict, timeline and what of it could not be classified.' +
        '\nWorks for ended runs too, as long as a pod worker is running and Temporal keeps them.',
    )
    .action(async (run: string, { output }: { output: 'table' | 'json' }) => {
      const { showRun } = await import('./runs/show.ts');
      await showRun({ run, output }, openTerminal());
    });
}
