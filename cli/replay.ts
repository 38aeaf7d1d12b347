import { type Command, Option } from 'commander';
import { replayLimits } from '../domain/replay/check-replay-input.ts';
import type { ReplayOptions } from './replay/run-replay.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

type Output = 'table' | 'json';

/** `podkeeper replay`: tries again what could not be classified; `status` and `cancel` of a replay. */
export function addReplayCommands(program: Command, openTerminal: () => Terminal = openProcessTerminal): void {
  const replay = program
    .command('replay')
    .description('try failed classifications again, with the rules in force now')
    .option('-n, --namespace <name>', 'pods of this namespace')
    .option('--pod <name>', 'pods with this name')
    .option('--owner <kind/name>', 'pods of this owner, such as ReplicaSet/web-5d4f')
    .option('--cause <cause>', 'pods whose last incident had this primary cause, such as OOMKilled')
    .option('--rule <name>', 'pods with a classification that this user rule made fail')
    .option('--from <time>', 'runs started at this time (RFC 3339) or later; continuing as new counts as a start')
    .option('--to <time>', 'runs started before this time (RFC 3339)')
    .option('--all', 'also open runs without failed classifications: are they judged otherwise now?')
    .option('--dry-run', 'only say what would change')
    .option('--reason <text>', 'why, for whoever looks at the runs later', 'replayed from the command line')
    .option('--rate <number>', 'runs begun a second', wholeNumber({ min: 1, max: replayLimits.runsPerSecond }), 20)
    .option('--cluster <name>', 'runs of this cluster; may be left out when there is only one')
    .option('--no-wait', 'start it and leave')
    .addOption(outputOption())
    .addHelpText('after', replayHelp)
    .action(async (options: ReplayOptions) => {
      const { runReplay } = await import('./replay/run-replay.ts');
      await runReplay(options, openTerminal());
    });

  replay
    .command('status')
    .description('show how far a replay is, or what it did')
    .argument('<id>', 'the id of its run, such as replay/local/cli-0198f2')
    .option('-f, --follow', 'stay until it ends')
    .addOption(outputOption())
    .addHelpText('after', statusHelp)
    // What both commands take, commander gives to the outer one.
    .action(async (id: string, _own: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ follow?: true; output: Output }>();
      const { showReplay } = await import('./replay/show-replay.ts');
      await showReplay({ id, ...options }, openTerminal());
    });

  replay
    .command('cancel')
    .description('end a replay after the runs it is trying just now')
    .argument('<id>', 'the id of its run')
    .action(async (id: string) => {
      const { cancelReplay } = await import('./replay/show-replay.ts');
      await cancelReplay(id, openTerminal());
    });
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table');
}

const replayHelp = `
Without a filter it takes every run with a failed classification, open or ended. --all takes no completed runs: they
have nothing to try. Nothing is tried twice by one replay, and Ctrl-C leaves it running. JSON output is one object.
Exit codes: 0 nothing fails any more (or nothing was to do), 1 something still fails or could not be tried,
2 wrong usage, 130 interrupted. Runs whose inputs are lost are listed, and don't count as failing.
Example: podkeeper replay --rule team-label --dry-run`;

const statusHelp = `
Exit codes: 0 nothing fails any more, or it is still running, 1 something still fails, could not be tried, or was cancelled.`;
