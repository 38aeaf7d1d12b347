import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Scope, scopes } from '../domain/scopes.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';

interface TokenOptions {
  readonly scope?: readonly Scope[];
  readonly all?: true;
  readonly subject: string;
  readonly ttl: number;
}

/** `podkeeper token`: a bearer token for the HTTP API, for local use. `env` is where the secret is. */
export function addTokenCommand(
  program: Command,
  openTerminal: () => Terminal = openProcessTerminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  program
    .command('token')
    .description('print a bearer token for the HTTP API, for local use')
    .option('-s, --scope <scope>', 'what the token may do; repeat it for several', addScope)
    .option('--all', 'every scope')
    .option('--subject <name>', 'who the token is for: it is in the log, and requests are counted by it', 'local')
    .addOption(
      new Option('--ttl <time>', 'how long it is good, such as 30s, 15m, 7d; 30d at most')
        .argParser(parseLifetime)
        .default(3600, '1h'),
    )
    .addHelpText('after', helpText)
    .action(async (options: TokenOptions) => {
      const { printToken } = await import('./token/print-token.ts');
      const held = options.all === true ? (Object.keys(scopes) as Scope[]) : (options.scope ?? []);
      await printToken({ scopes: held, subject: options.subject, lifetimeSeconds: options.ttl }, openTerminal(), env);
    });
}

const scopeList = Object.entries(scopes).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`);
const helpText = `
Signs with AUTH_TOKEN_SECRET, the same as the HTTP API has; AUTH_ISSUER and AUTH_AUDIENCE count too.
Scopes:
${scopeList.join('\n')}
Exit codes: 0 printed, 2 no scope, no secret, or one that is too short.
Example:
  export AUTH_TOKEN_SECRET=$(openssl rand -base64 48)
  npm run http &
  curl -H "Authorization: Bearer $(podkeeper token --scope runs:read)" localhost:8080/api/v1/runs`;

function addScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  if (!(text in scopes)) throw new InvalidArgumentError(`Give one of ${Object.keys(scopes).join(', ')}.`);
  return [...new Set([...before, text as Scope])];
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const maxLifetimeSeconds = 30 * 86_400;

function parseLifetime(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  if (seconds >= 1 && seconds <= maxLifetimeSeconds) return seconds;
  throw new InvalidArgumentError('Give a time such as 30s, 15m, 1h or 7d, 30d at most.');
}
