import { type Command, Option } from 'commander';

/** `podkeeper watch status`: what a watch does, and who holds it. */
export function addWatchCommands(program: Command): void {
  const watch = program.command('watch').description('look at the pod watches');

  watch
    .command('status')
    .description('show each watch: mode, holder, freshness, checkpoint, gaps, missing permissions')
    .option('--cluster <name>', 'watches of this cluster only')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nJSON output is one object a watch. Exit code 1 when there is no watch.')
    .action(async (options: { cluster?: string; output: 'table' | 'json' }) => {
      const { showWatches } = await import('./watch/show-watch.ts');
      await showWatches(options);
    });
}
