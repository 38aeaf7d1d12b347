import type { Config } from '../config.ts';
import type { ConfigFault } from '../config/config-error.ts';
import { isLoopbackHost } from './loopback.ts';

/** HS256 needs a secret at least as long as its hash (RFC 7518, section 3.2). */
export const minSecretBytes = 32;
export const makeSecret = 'openssl rand -base64 48';

export interface AuthFaultsOptions {
  readonly auth: Config['auth'];
  /** What the process listens on, and the setting that says so. */
  readonly host: string;
  readonly hostVariable?: 'HTTP_HOST' | 'GATEWAY_HOST';
}

/** Everything wrong with how tokens are to be checked by a process that listens on `host`. Never shows a secret. */
export function authFaults({ auth, host, hostVariable = 'HTTP_HOST' }: AuthFaultsOptions): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add = (variable: string, message: string) => faults.push({ variable, message: `${variable}: ${message}` });
  const secrets = { AUTH_TOKEN_SECRET: auth.tokenSecret, AUTH_TOKEN_SECRET_PREVIOUS: auth.previousTokenSecret };
  for (const [variable, value] of Object.entries(secrets)) {
    const bytes = Buffer.byteLength(value);
    if (value !== '' && bytes < minSecretBytes) {
      add(variable, `has ${bytes} bytes, fewer than ${minSecretBytes}. Make one with: ${makeSecret}`);
    }
  }
  if (auth.jwksUrl !== '' && auth.jwksFile !== '') {
    add('AUTH_JWKS_FILE', 'AUTH_JWKS_URL is set too. Set one of them.');
  }
  const urlFault = auth.jwksUrl === '' ? undefined : keysUrlFault(auth.jwksUrl);
  if (urlFault !== undefined) add('AUTH_JWKS_URL', urlFault);

  if (auth.disabled === 'true') {
    if (!isLoopbackHost(host)) {
      add(
        'AUTH_DISABLED',
        `true lets anyone in who can reach ${host}. Set ${hostVariable}=127.0.0.1, or AUTH_DISABLED=false and AUTH_TOKEN_SECRET.`,
      );
    }
  } else if ([...Object.values(secrets), auth.jwksUrl, auth.jwksFile].every((value) => value === '')) {
    add(
      'AUTH_TOKEN_SECRET',
      `nothing says how tokens are checked. Set AUTH_TOKEN_SECRET (make one with: ${makeSecret}), or AUTH_JWKS_URL or ` +
        'AUTH_JWKS_FILE for the keys of an identity provider, or for this machine alone AUTH_DISABLED=true with ' +
        `${hostVariable}=127.0.0.1.`,
    );
  }
  return faults;
}

function keysUrlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not an address. Give https://….';
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return 'holds a user name or a password. Give it without.';
  const plainHere = protocol === 'http:' && isLoopbackHost(hostname.replace(/^\[|\]$/g, ''));
  if (protocol === 'https:' || plainHere) return undefined;
  return 'is not https: whoever stands between could put in keys of their own. Give https://….';
}
