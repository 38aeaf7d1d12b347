import { type Config, loadConfig } from '../config.ts';
import { ConfigError } from '../config/config-error.ts';
import { exitCodes } from '../shutdown.ts';

/** The configuration of a process that is starting; one that is not valid ends it, with every fault on standard error. */
export function configOrExit(env: Readonly<Record<string, string | undefined>>): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    return exitForConfig(error);
  }
}

/** Ends the process for a ConfigError as `configOrExit` does; throws any other error on. */
export function exitForConfig(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(exitCodes.invalidConfiguration);
}
