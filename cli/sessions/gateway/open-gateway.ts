import { isLoopbackHost } from '../../../platform/auth/loopback.ts';
import { readTextFile, TextFileError } from '../../../platform/text-file.ts';
import type { Terminal } from '../../terminal.ts';
import { createGatewayClient, type GatewayClient } from './gateway-client.ts';
import { exitCodes, GatewayError } from './gateway-error.ts';

export interface GatewayOptions {
  readonly url?: string;
  readonly token?: string;
  readonly ca?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultUrl = 'http://localhost:8443';
const caBytes = 1024 ** 2;

/** Lets `use` ask the gateway that options and environment name, and says a GatewayError on standard error. */
export async function withGateway(
  {
    options,
    env,
    terminal,
  }: { readonly options: GatewayOptions; readonly env: Environment; readonly terminal: Terminal },
  use: (gateway: GatewayClient) => Promise<void>,
): Promise<void> {
  try {
    const url = originOf(options.url ?? (env['PODKEEPER_GATEWAY_URL']?.trim() || defaultUrl));
    const token = options.token ?? env['PODKEEPER_TOKEN']?.trim() ?? '';
    if (!/^[\x21-\x7e]*$/.test(token)) {
      throw new GatewayError('The token has white space in it. Copy it again.', { exitCode: exitCodes.usage });
    }
    const { protocol, hostname } = new URL(url);
    if (token !== '' && protocol === 'http:' && !isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))) {
      terminal.stderr.write(
        `podkeeper sessions: the token goes to ${url} without TLS; everybody between can read it.\n`,
      );
    }
    const ca = options.ca === undefined ? {} : { ca: await readCa(options.ca) };
    const gateway = createGatewayClient({ url, token, ...ca });
    try {
      await use(gateway);
    } finally {
      await gateway.close();
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    terminal.stderr.write(`podkeeper sessions: ${error.message}\n`);
    terminal.setExitCode(error.exitCode);
  }
}

function originOf(text: string): string {
  const refuse = (why: string) =>
    new GatewayError(`The address of the gateway ${why}. Give one such as https://gateway.example:8443.`, {
      exitCode: exitCodes.usage,
    });
  if (!URL.canParse(text)) throw refuse('is none');
  const { protocol, username, password, pathname, search, origin } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') throw refuse('has to begin with http:// or https://');
  if (username !== '' || password !== '') throw refuse('may not hold a user name or a password');
  if (pathname !== '/' || search !== '') throw refuse('has to be without a path');
  return origin;
}

async function readCa(file: string): Promise<string> {
  try {
    return await readTextFile(file, caBytes);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new GatewayError(`--ca ${file}: ${error.message}.`, { exitCode: exitCodes.usage });
  }
}
