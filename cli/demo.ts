import { type Command, Option } from 'commander';

interface DemoCommandOptions {
  readonly name: string;
  readonly exit?: true;
  readonly keep?: true;
  readonly simulated?: true;
  readonly output: 'table' | 'json';
}

/** `podkeeper demo`: the whole main job on local servers, from nothing, in one command. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('bring up a real cluster and Temporal on this machine, break some pods, and show what becomes of them')
    .option('--exit', 'check what was seen against what was caused, stop everything and exit 0 or 1')
    .option('--keep', 'leave the cluster and Temporal running afterwards ("podkeeper dev down --name demo" stops them)')
    .option('--name <name>', 'name of the local environment; one that runs already is used', 'demo')
    .option('--simulated', 'use simulated nodes even where a real one can run')
    .addOption(
      new Option('-o, --output <format>', 'a table to look at, or JSON lines and a summary object')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addHelpText(
      'after',
      '\nWithout --exit it stays until Ctrl-C and then stops everything it started.' +
        '\nThe very first run builds the servers from source, which takes about 11 minutes, once.' +
        '\nExit codes: 0 all was seen, 1 something is missing or was invented (the list says what), 130 interrupted.',
    )
    .action(async (options: DemoCommandOptions) => {
      const { runDemo } = await import('../dev/demo/run-demo.ts');
      process.exitCode = await runDemo({
        name: options.name,
        exit: options.exit ?? false,
        keep: options.keep ?? false,
        simulated: options.simulated ?? false,
        output: options.output,
      });
    });
}
