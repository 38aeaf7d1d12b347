import { type Command, Option } from 'commander';
import type { UpOptions } from './dev/up.ts';
import { wholeNumber } from './whole-number.ts';

const nameFlag = '--name <name>';
const nameHelp = 'which environment; several may run side by side';
const outputOption = () =>
  new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table');

/** `podkeeper dev up|status|down|env|packages`: the local environment. */
export function addDevCommands(program: Command): void {
  const dev = program
    .command('dev')
    .description('the local environment: real servers on this machine')
    .addHelpText(
      'after',
      '\nThe first "dev up" builds the servers from source with Go 1.26 or newer: about 11 minutes on two cores, once.' +
        '\nPrograms are taken from PODKEEPER_TOOLS_DIR, KUBEBUILDER_ASSETS, PATH (if their version fits) and' +
        '\n~/.cache/podkeeper/tools, in this order, before one is built.',
    );
  addUp(dev);
  addLookAndStop(dev);

  dev
    .command('env')
    .description('print shell exports for a running environment')
    .option(nameFlag, nameHelp, 'default')
    .addHelpText('after', '\nExample: eval "$(podkeeper dev env)" && kubectl get pods -A')
    .action(async ({ name }: { name: string }) => {
      const { printExports } = await import('./dev/env.ts');
      await printExports(name);
    });

  dev
    .command('packages')
    .description('install the Debian packages that the real node and Redis need')
    .option('--print', 'only print the command')
    .addHelpText('after', '\nUses apt-get, with sudo unless you are root. No other command installs anything.')
    .action(async ({ print }: { print?: true }) => {
      const { installPackages } = await import('./dev/packages.ts');
      await installPackages({ printOnly: print === true });
    });
}

function addUp(dev: Command): void {
  dev
    .command('up')
    .description('start Temporal, Kubernetes with a real node, simulated nodes and Redis, and keep them running')
    .option(nameFlag, nameHelp, 'default')
    .addOption(
      new Option('--kubernetes <kind>', 'real: with a real node where the machine can carry one')
        .choices(['real', 'simulated', 'control-plane', 'none'])
        .default('real'),
    )
    .option('--simulated-nodes <number>', 'simulated nodes beside the real one', wholeNumber({ min: 0, max: 1000 }), 1)
    .option('--require-real-node', 'fail instead of falling back to simulated nodes')
    .addOption(
      new Option('--crash-loop-back-off <kind>', 'quick: crashed containers restart after 2 s at most')
        .choices(['default', 'quick'])
        .default('default'),
    )
    .option('--no-temporal', 'without Temporal')
    .option('--temporal-database <file>', "keep Temporal's data in this file (in memory otherwise)")
    .option('--no-redis', 'without Redis')
    .option('--api-server-flag <flag...>', 'more flags for the API server: --api-server-flag=--min-request-timeout=10')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nAll ports are free random ones; "podkeeper dev env" prints them. Ctrl-C while it starts stops everything.' +
        '\nAn environment that runs already is left as it is. JSON output is its state file.',
    )
    .action(async (options: UpOptions) => {
      const { bringUp } = await import('./dev/up.ts');
      await bringUp(options);
    });
}

function addLookAndStop(dev: Command): void {
  dev
    .command('status')
    .description('show the environments and their processes')
    .option(nameFlag, 'only this environment')
    .addOption(outputOption())
    .addHelpText('after', '\nExit code 1 when none runs, or when a process of one has died.')
    .action(async (options: { name?: string; output: 'table' | 'json' }) => {
      const { showStatus } = await import('./dev/status.ts');
      await showStatus(options);
    });

  dev
    .command('down')
    .description('stop an environment and remove everything it made')
    .option(nameFlag, nameHelp, 'default')
    .option('--all', 'every environment of this checkout')
    .addHelpText('after', '\nWorks after a crash, too: what is left of an environment is found and removed.')
    .action(async (options: { name: string; all?: true }) => {
      const { bringDown } = await import('./dev/down.ts');
      await bringDown(options);
    });
}
