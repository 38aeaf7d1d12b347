import { Command, CommanderError, Option } from 'commander';
import { wholeNumber } from '../cli/whole-number.ts';
import { printResult } from './print-result.ts';

interface Output {
  readonly output: 'table' | 'json';
}

const program = new Command('npm run --silent bench --')
  .description('Measures Podkeeper against bars and naive rivals in one run. What each bench does: docs/benchmarks.md.')
  .showHelpAfterError()
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 measured (bars met or not), 1 failed, 2 wrong usage.');
const outputOption = () =>
  new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table');

program
  .command('classify')
  .description('pod changes through snapshot and classification, one core, in process')
  .option('--changes <number>', 'changes to classify', wholeNumber({ min: 100, max: 10_000_000 }), 100_000)
  .addOption(outputOption())
  .action(async ({ changes, output }: Output & { readonly changes: number }) => {
    const { benchClassify } = await import('./classify.ts');
    printResult(benchClassify({ changes }), output);
  });

program
  .command('ingest')
  .description('durable runs per pod against a workflow and an activity per change, on a Temporal server of its own')
  .option('--pods <number>', 'pods each way', wholeNumber({ min: 4, max: 10_000 }), 200)
  .option('--time-limit <seconds>', 'gives up after this', wholeNumber({ min: 10, max: 3600 }), 600)
  .addOption(outputOption())
  .action(async ({ pods, timeLimit, output }: Output & { readonly pods: number; readonly timeLimit: number }) => {
    const { benchIngest } = await import('./ingest.ts');
    printResult(await benchIngest({ pods, timeLimitSeconds: timeLimit }), output);
  });

program
  .command('gateway')
  .description("requests to a session's pod through the gateway, straight to it, and through two other proxies")
  .option('--rounds <number>', 'how often each way is measured, in turns', wholeNumber({ min: 1, max: 100 }), 3)
  .option(
    '--seconds <number>',
    'of each measurement; there are two a round and way',
    wholeNumber({ min: 1, max: 600 }),
    4,
  )
  .addOption(outputOption())
  .action(async ({ rounds, seconds, output }: Output & { readonly rounds: number; readonly seconds: number }) => {
    const { benchGateway } = await import('./gateway.ts');
    printResult(await benchGateway({ rounds, seconds }), output);
  });

program
  .command('idle')
  .description(
    'how much later than its idle timeout a session is removed, with gateway, session worker and simulated nodes',
  )
  .option('--sessions <number>', 'sessions, each used twice', wholeNumber({ min: 1, max: 500 }), 50)
  .option('--idle-timeout <seconds>', 'of the sessions', wholeNumber({ min: 5, max: 600 }), 5)
  .addOption(outputOption())
  .action(
    async ({ sessions, idleTimeout, output }: Output & { readonly sessions: number; readonly idleTimeout: number }) => {
      const { benchIdle } = await import('./idle.ts');
      printResult(await benchIdle({ sessions, idleTimeoutSeconds: idleTimeout }), output);
    },
  );

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed it.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    console.error(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}
