import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addClassifyCommand } from './classify.ts';
import { addDemoCommand } from './demo.ts';
import { addDevCommands } from './dev.ts';
import { addRulesCommands } from './rules.ts';
import { addReplayCommands } from './replay.ts';
import { addRunsCommands } from './runs.ts';
import { addSessionsCommands } from './sessions.ts';
import { addTokenCommand } from './token.ts';
import { addWatchCommands } from './watch.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('podkeeper')
  .description(
    'Durable automation for Kubernetes pods on Temporal.\n\n' +
      'New here? "podkeeper demo" brings up a real cluster and a Temporal server on this machine and shows it all.',
  )
  .version(version)
  .showHelpAfterError('(add --help for what this command takes)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed (the message says why), 2 bad input or wrong usage, 3 worth trying again\nlater (sessions), 130 interrupted.' +
      '\nCommands that talk to Temporal use TEMPORAL_ADDRESS and the other variables of the Temporal CLI, and without' +
      '\nthem the local environment of "podkeeper dev up", when one is running; those that talk to a gateway use' +
      '\nPODKEEPER_GATEWAY_URL and PODKEEPER_TOKEN.',
  )
  .exitOverride();

addDemoCommand(program);
addClassifyCommand(program);
addRulesCommands(program);
addRunsCommands(program);
addReplayCommands(program);
addWatchCommands(program);
addSessionsCommands(program);
addTokenCommand(program);
addDevCommands(program);

// Whoever reads has seen enough (`| head`): nothing is left to be done, and nothing went wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed it; its own code is 1 for wrong usage and 0 for --help and --version.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    console.error(`podkeeper: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
