import { type Command, Option } from 'commander';
import type { WatchAction } from '../workflows/watch-pods.messages.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';

const descriptions: Readonly<Record<WatchAction, string>> = {
  pause: 'pause a watch: it keeps its checkpoint and stays paused, also when workers restart',
  resume: 'let a paused watch go on from its checkpoint',
  stop: 'end a watch; a watch worker that starts with its scope begins it anew',
};

/** `podkeeper watch status|pause|resume|stop`: what a watch does, who holds it, and what it is to do. */
export function addWatchCommands(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  const watch = program.command('watch').description('look at the pod watches; pause, resume and stop them');

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

  for (const action of Object.keys(descriptions) as WatchAction[]) {
    watch
      .command(action)
      .description(descriptions[action])
      .argument('[scope]', 'the name of the watch; may be left out when there is only one')
      .option('--cluster <name>', 'the watch of this cluster')
      .addHelpText('after', '\nMay be repeated. Exit code 1 when there is no such watch, or more than one.')
      .action(async (scope: string | undefined, { cluster }: { cluster?: string }) => {
        const { controlWatch } = await import('./watch/control-watch.ts');
        await controlWatch({ action, scope, cluster }, openTerminal());
      });
  }
}
