import type { Config } from '../config.ts';
import type { Setting } from './kinds.ts';
import { settings } from './settings.ts';

/** The configuration in force, variable by variable, fit for a log line: secrets only say whether they are set. */
export function describeConfig(config: Config): Readonly<Record<string, unknown>> {
  const described: Record<string, unknown> = {};
  for (const [group, members] of Object.entries(settings)) {
    const values: Readonly<Record<string, unknown>> = { ...config[group as keyof typeof settings] };
    for (const [member, setting] of Object.entries<Setting<unknown>>(members)) {
      const value = values[member];
      described[setting.variable] = setting.secret ? (value === '' ? '(not set)' : '(set, hidden)') : value;
    }
  }
  const { address, namespace, tls, apiKey } = config.temporal.server;
  return {
    ...described,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TLS: tls !== undefined,
    TEMPORAL_API_KEY: apiKey === undefined ? '(not set)' : '(set, hidden)',
  };
}
