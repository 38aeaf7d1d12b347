import { dirname } from 'node:path';
import { environmentPaths } from './folders.ts';
import { readPlan } from './plan.ts';
import type { EnvironmentState } from './state.ts';

/** The variables that lead the workers, the Temporal CLI, kubectl and the tests to an environment. */
export function environmentVariables(input: {
  readonly state: EnvironmentState;
  readonly statePath: string;
}): Readonly<Record<string, string>> {
  const { temporal, kubeconfig, redisUrl } = input.state;
  const redis = redisUrl === null ? null : new URL(redisUrl);
  return {
    PODKEEPER_DEV_STATE: input.statePath,
    ...(temporal && { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace }),
    ...(temporal && { TEMPORAL_UI_URL: temporal.uiUrl }),
    ...(kubeconfig !== null && { KUBECONFIG: kubeconfig }),
    ...(redis && { REDIS_HOST: redis.hostname, REDIS_PORT: redis.port }),
  };
}

/** The same as lines for a POSIX shell, with the folders of the environment's own kubectl and temporal first in PATH. */
export async function shellExports(input: {
  readonly state: EnvironmentState;
  readonly statePath: string;
}): Promise<string[]> {
  const plan = await readPlan(environmentPaths(dirname(input.statePath)).plan);
  const programs = [plan?.tools.kubectl, plan?.tools.temporal].filter((path) => path !== undefined);
  const folders = [...new Set(programs.map((path) => dirname(path)))];
  return [
    ...Object.entries(environmentVariables(input)).map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(folders.length === 0 ? [] : [`export PATH=${folders.map(quote).join(':')}:"$PATH"`]),
  ];
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
