import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Which Temporal server to talk to, and how. `apiKey` and the key in `tls` are secrets. */
export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly tls?: TemporalTls;
  readonly apiKey?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

type TemporalTls = NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']['tls']>;

/**
 * Reads the same variables and the same file as the Temporal CLI (`TEMPORAL_ADDRESS`, `TEMPORAL_CONFIG_FILE` …).
 * Throws an Error that says what is wrong (a missing certificate file, a broken TOML file, an unknown profile).
 */
export function loadTemporalServer(env: Readonly<Record<string, string | undefined>>): TemporalServer {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: withoutEmpty(env) });
  const { address = 'localhost:7233', tls, apiKey, metadata } = connectionOptions;
  if (!/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:.]+\]:\d{1,5}$/.test(address)) {
    throw new Error(`the address "${address.slice(0, 80)}" is not host:port`);
  }
  return {
    address,
    namespace: namespace ?? 'default',
    ...(tls !== undefined && tls !== null && tls !== false && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata: textOnly(metadata) }),
  };
}

/** A variable that is set to nothing (as Helm does) counts as not set. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function textOnly(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
