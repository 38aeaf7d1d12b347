import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Scope, scopes } from '../domain/scopes.ts';
import { parseDuration } from './duration.ts';
import { openProcessTerminal, type Terminal } from './terminal.ts';

interface TokenOptions {
  readonly scope?: readonly Scope[];
  readonly all?: true;
  readonly sessions?: true;
  readonly subject: string;
  readonly ttl: number;
  readonly claim?: Readonly<Record<string, string>>;
}

/** `podkeeper token`: a bearer token for the HTTP API, for local use. `env` is where the secret is. */
export function addTokenCommand(
  program: Command,
  openTerminal: () => Terminal = openProcessTerminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  program
    .command('token')
    .description('print a bearer token for the HTTP API and the gateway, for local use')
    .option('-s, --scope <scope>', 'what the token may do; repeat it for several', addScope)
    .option('--all', 'every scope')
    .option('--sessions', "sessions of the subject's own alone, which need no scope")
    .option('--subject <name>', 'who the token is for: it is in the log, and requests are counted by it', 'local')
    .addOption(
      new Option('--ttl <time>', 'how long it is good, such as 30s, 15m, 7d; 30d at most')
        .argParser(parseLifetime)
        .default(3600, '1h'),
    )
    .option('--claim <name=value>', 'a further claim, such as tenant=blue; repeat it for several', addClaim)
    .addHelpText('after', helpText)
    .action(async (options: TokenOptions) => {
      const { printToken } = await import('./token/print-token.ts');
      const held = options.all === true ? (Object.keys(scopes) as Scope[]) : (options.scope ?? []);
      const { subject, ttl: lifetimeSeconds, claim: claims = {}, sessions = false } = options;
      await printToken({ scopes: held, sessions, subject, lifetimeSeconds, claims }, openTerminal(), env);
    });
}

const scopeList = Object.entries(scopes).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`);
const helpText = `
Signs with AUTH_TOKEN_SECRET, the same as the HTTP API and the gateway have; AUTH_ISSUER and AUTH_AUDIENCE count too.
Scopes:
${scopeList.join('\n')}
For sessions, --subject says whose they are (SESSION_OWNER_CLAIM), a --claim may name the tenant (SESSION_TENANT_CLAIM),
and --claim 'podkeeper_classes=default agent' restricts the classes.
Exit codes: 0 printed, 2 no scope, no secret, or one that is too short.
Example:
  export AUTH_TOKEN_SECRET=$(openssl rand -base64 48)
  npm run http &
  curl -H "Authorization: Bearer $(podkeeper token --scope runs:read)" localhost:8080/api/v1/runs
  PODKEEPER_TOKEN=$(podkeeper token --sessions --subject ann) podkeeper sessions exec ann-1 '{"say": "hello"}'`;

function addScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  if (!(text in scopes)) throw new InvalidArgumentError(`Give one of ${Object.keys(scopes).join(', ')}.`);
  return [...new Set([...before, text as Scope])];
}

/** Those that other options or the API's settings decide. */
const reservedClaims: readonly string[] = ['iss', 'aud', 'sub', 'exp', 'iat', 'nbf', 'jti', 'scope', 'scp'];
const maxClaimLength = 1024;

function addClaim(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (!/^[A-Za-z_][\w.:/-]{0,127}$/.test(name) || value === '' || value.length > maxClaimLength) {
    throw new InvalidArgumentError('Give <name>=<value>, such as tenant=blue.');
  }
  if (reservedClaims.includes(name)) {
    throw new InvalidArgumentError(`The claim ${name} follows from --subject, --scope, --ttl and the environment.`);
  }
  return { ...before, [name]: value };
}

const maxLifetimeSeconds = 30 * 86_400;

function parseLifetime(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds >= 1 && seconds <= maxLifetimeSeconds) return seconds;
  throw new InvalidArgumentError('Give a time such as 30s, 15m, 1h or 7d, 30d at most.');
}
