import { ConfigError, type ConfigFault } from './config/config-error.ts';
import type { Setting } from './config/kinds.ts';
import { settings } from './config/settings.ts';
import { loadTemporalServer, type TemporalServer } from './temporal/server.ts';

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
type Environment = Readonly<Record<string, string | undefined>>;

/** Everything a process is configured with, grouped by concern: `config.watch.coalesceMs`. */
export type Config = {
  readonly [G in keyof Settings]: { readonly [K in keyof Settings[G]]: ValueOf<Settings[G][K]> };
} & { readonly temporal: { readonly server: TemporalServer } };

/**
 * Reads the configuration from the environment (see docs/configuration.md). Throws one ConfigError that lists every
 * fault, each with its variable, what is wrong with the value, and what to give instead.
 */
export function loadConfig(env: Environment): Config {
  const faults: ConfigFault[] = [];
  const read = (group: Readonly<Record<string, Setting<unknown>>>) =>
    Object.fromEntries(Object.entries(group).map(([name, setting]) => [name, readSetting(setting, env, faults)]));
  const server = readTemporalServer(env, faults);
  const values = Object.fromEntries(Object.entries(settings).map(([name, group]) => [name, read(group)]));
  if (faults.length > 0 || server === undefined) throw new ConfigError(faults);
  // Each member came out of the schema its type is derived from.
  return { ...values, temporal: { ...values.temporal, server } } as unknown as Config;
}

function readSetting(setting: Setting<unknown>, env: Environment, faults: ConfigFault[]): unknown {
  const { variable, defaultText, schema, form, secret } = setting;
  const given = env[variable]?.trim() ?? '';
  const result = schema.safeParse(given === '' ? defaultText : given);
  if (result.success) return result.data;
  const shown = secret ? 'its value' : JSON.stringify(given.slice(0, 80));
  const problem = result.error.issues[0]?.message ?? 'not valid';
  faults.push({ variable, message: `${variable}: ${shown} is ${problem}. Give ${form}.` });
  return undefined;
}

function readTemporalServer(env: Environment, faults: ConfigFault[]): TemporalServer | undefined {
  try {
    return loadTemporalServer(env);
  } catch (error) {
    // Only the first line: the parser's next ones quote the file, which may hold a key.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const message = `TEMPORAL_*: ${reason}. Check the TEMPORAL_ variables and the file TEMPORAL_CONFIG_FILE names.`;
    faults.push({ variable: 'TEMPORAL_*', message });
    return undefined;
  }
}
