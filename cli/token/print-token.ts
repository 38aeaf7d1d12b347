import type { Scope } from '../../domain/scopes.ts';
import { makeSecret, minSecretBytes } from '../../platform/auth/auth-faults.ts';
import { mintToken } from '../../platform/auth/mint-token.ts';
import type { Setting } from '../../platform/config/kinds.ts';
import { settings } from '../../platform/config/settings.ts';
import type { Terminal } from '../terminal.ts';

export interface TokenRequest {
  readonly scopes: readonly Scope[];
  /** For sessions of the subject's own, which no scope is needed for. */
  readonly sessions: boolean;
  readonly subject: string;
  readonly lifetimeSeconds: number;
  /** Further claims. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Prints the token and nothing else on standard output, or says on standard error what is missing. */
export async function printToken(
  request: TokenRequest,
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const read = ({ variable, defaultText }: Setting<string>) => env[variable]?.trim() || defaultText;
  const secret = read(settings.auth.tokenSecret);
  const fault = requestFault(request) ?? secretFault(secret);
  if (fault !== undefined) {
    terminal.stderr.write(`podkeeper token: ${fault}\n`);
    terminal.setExitCode(2);
    return;
  }
  const issuer = read(settings.auth.issuer);
  const audience = read(settings.auth.audience);
  const token = await mintToken({ ...request, secret: new TextEncoder().encode(secret), issuer, audience });
  terminal.stdout.write(`${token}\n`);
}

function requestFault({ scopes, sessions, subject }: TokenRequest): string | undefined {
  if (scopes.length === 0 && !sessions) return 'Give at least one --scope, --all, or --sessions; --help tells.';
  return subject === '' ? 'Give a --subject that is not empty.' : undefined;
}

function secretFault(secret: string): string | undefined {
  const make = `Make one, the same for the HTTP API: export AUTH_TOKEN_SECRET=$(${makeSecret})`;
  if (secret === '') return `AUTH_TOKEN_SECRET is not set. ${make}`;
  const bytes = Buffer.byteLength(secret);
  return bytes < minSecretBytes
    ? `AUTH_TOKEN_SECRET has ${bytes} bytes, fewer than ${minSecretBytes}. ${make}`
    : undefined;
}
