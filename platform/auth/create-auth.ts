import type { Config } from '../config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ReadinessCheck } from '../health-server.ts';
import type { Logger } from '../logger.ts';
import { authFaults } from './auth-faults.ts';
import { createFileKeys } from './keys/file-keys.ts';
import type { KeySource } from './keys/key-source.ts';
import { createRemoteKeys } from './keys/remote-keys.ts';
import { createTokenVerifier, type VerifyToken } from './token-verifier.ts';

export interface Auth {
  /** Undefined when AUTH_DISABLED lets requests in without a token. */
  readonly verify: VerifyToken | undefined;
  readonly checks: readonly ReadinessCheck[];
  readonly close: () => void;
}

export interface AuthOptions {
  readonly auth: Config['auth'];
  /** What the process listens on, and the setting that says so: HTTP_HOST when left out. */
  readonly host: string;
  readonly hostVariable?: 'HTTP_HOST' | 'GATEWAY_HOST';
  readonly logger: Logger;
}

/** How the settings say tokens are checked. Throws a ConfigError that lists every fault, a missing key file included. */
export async function createAuth({ auth, host, hostVariable = 'HTTP_HOST', logger }: AuthOptions): Promise<Auth> {
  const faults = authFaults({ auth, host, hostVariable });
  if (faults.length > 0) throw new ConfigError(faults);
  if (auth.disabled === 'true') {
    logger.warn({ host }, 'AUTH_DISABLED: every request from this machine is taken, with all scopes');
    return { verify: undefined, checks: [], close: () => undefined };
  }
  const secrets = [auth.tokenSecret, auth.previousTokenSecret].filter((secret) => secret !== '');
  const keys = await keySource(auth, logger);
  const verify = createTokenVerifier({
    secrets: secrets.map((secret) => new TextEncoder().encode(secret)),
    ...(keys !== undefined && { keys }),
    issuer: auth.issuer,
    audience: auth.audience,
  });
  return {
    verify,
    checks: keys === undefined ? [] : [{ name: 'keys', problem: keys.problem }],
    close: () => keys?.close(),
  };
}

async function keySource({ jwksUrl, jwksFile }: Config['auth'], logger: Logger): Promise<KeySource | undefined> {
  if (jwksUrl !== '') return createRemoteKeys({ url: jwksUrl, logger });
  if (jwksFile === '') return undefined;
  try {
    return await createFileKeys({ path: jwksFile, logger });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      { variable: 'AUTH_JWKS_FILE', message: `AUTH_JWKS_FILE: ${reason}. Give a file with public keys (JWKS).` },
    ]);
  }
}
