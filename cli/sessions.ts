import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from './duration.ts';
import type { GatewayOptions } from './sessions/gateway/open-gateway.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

interface Output {
  readonly output: 'text' | 'json';
}
type Common = GatewayOptions & Output;

/** `podkeeper sessions list|show|exec|extend|end`: uses sessions by way of a gateway. */
export function addSessionsCommands(
  program: Command,
  openTerminal: () => Terminal = openProcessTerminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const sessions = program
    .command('sessions')
    .description('use session pods by way of a gateway: list, show, exec, extend, end')
    .addHelpText('after', commonHelp);
  const add = (name: string, description: string): Command =>
    withGatewayOptions(sessions.command(name).description(description));

  add('list', 'list your sessions')
    .option('--all', "everybody's; the token needs sessions:admin")
    .option('--limit <number>', 'at most so many, newest first', wholeNumber({ min: 1, max: 10_000 }), 100)
    .addHelpText('after', commonHelp)
    .action(async (options: Common & { all?: true; limit: number }) => {
      const { listSessions } = await import('./sessions/list-sessions.ts');
      await listSessions(options, { terminal: openTerminal(), env });
    });

  add('show', 'show how a session stands, and why it is still alive')
    .argument('[id]', 'the id you gave the session')
    .option('--key <key>', "instead of an id: the key of anybody's session; the token needs sessions:admin")
    .addHelpText('after', commonHelp)
    .action(async (id: string | undefined, options: Common & { key?: string }) => {
      const { showSession } = await import('./sessions/show-session.ts');
      await showSession({ id, ...options }, { terminal: openTerminal(), env });
    });

  add('exec', 'send JSON to a session, which is started when there is none, and print what its pod answers')
    .argument('<id>', 'the id of the session: any you like, 1 to 128 of A-Z a-z 0-9 . _ ~ -')
    .argument('[input]', 'JSON, @<file>, or - for standard input', '{}')
    .option('--class <name>', 'the class a new session gets; the session must have it')
    .addOption(
      new Option('--wait <time>', 'how long to ask again while the pod starts, 0s to 1h')
        .argParser(durationOption(0, 3600))
        .default(120, '2m'),
    )
    .addHelpText('after', execHelp)
    .action(async (id: string, input: string, options: Common & { class?: string; wait: number }) => {
      const { execInSession } = await import('./sessions/exec-in-session.ts');
      await execInSession({ id, input, ...options }, { terminal: openTerminal(), env });
    });

  add('extend', 'keep a session for that long even if nobody uses it')
    .argument('<id>', 'the id you gave the session')
    .argument('<time>', 'from now: seconds, or a time such as 10m, 1h', extension)
    .addHelpText('after', commonHelp)
    .action(async (id: string, seconds: number, options: Common) => {
      const { extendSession } = await import('./sessions/extend-session.ts');
      await extendSession({ id, seconds, ...options }, { terminal: openTerminal(), env });
    });

  add('end', 'end a session and remove its pod; requests in flight may finish')
    .argument('[id]', 'the id you gave the session')
    .option('--key <key>', "instead of an id: the key of anybody's session; the token needs sessions:admin")
    .option('--force', 'do not wait for requests in flight')
    .addHelpText('after', commonHelp)
    .action(async (id: string | undefined, options: Common & { key?: string; force?: true }) => {
      const { endSession } = await import('./sessions/end-session.ts');
      await endSession({ id, ...options }, { terminal: openTerminal(), env });
    });
}

function withGatewayOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the gateway (PODKEEPER_GATEWAY_URL, else http://localhost:8443)')
    .option('--token <token>', 'the bearer token (better in PODKEEPER_TOKEN: others can see a command line)')
    .option('--ca <file>', "certificates (PEM) of the authority that signed the gateway's")
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'));
}

function durationOption(min: number, max: number) {
  return (text: string): number => {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
    throw new InvalidArgumentError('Give a time such as 30s, 2m or 1h, 1h at most.');
  };
}

/** Its most is the class's longest life, which only the gateway knows. */
function extension(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : parseDuration(text);
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw new InvalidArgumentError('Give seconds, or a time such as 10m or 1h.');
}

const exitHelp = `Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 worth trying again later, 130 interrupted.`;
const commonHelp = `
${exitHelp}
docs/sessions.md tells the rest.`;
const execHelp = `
The answer of the pod goes to standard output, how it was started and how long it took to standard error.
${exitHelp} An answer of the pod of 400 and above is 1, too.
Example:
  export PODKEEPER_TOKEN=$(podkeeper token --sessions --subject ann)
  podkeeper sessions exec ann-1 '{"say": "hello"}'`;
