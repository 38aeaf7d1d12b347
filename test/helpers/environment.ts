import { killServer, restartServer, startServer } from '../../dev/environment/control/control-client.ts';
import type { EnvironmentOptions } from '../../dev/environment/options.ts';
import { environmentVariables } from '../../dev/environment/shell-exports.ts';
import type { EnvironmentState } from '../../dev/environment/state.ts';
import { readState } from '../../dev/environment/state.ts';
import { up } from '../../dev/environment/up.ts';
import { reportToStderr } from '../../dev/shared/report.ts';

/** A running local environment as a test uses it. */
export interface TestEnvironment {
  readonly statePath: string;
  readonly state: EnvironmentState;
  /** TEMPORAL_ADDRESS, KUBECONFIG, REDIS_HOST and so on, for child processes. */
  readonly variables: Readonly<Record<string, string>>;
  /** Parts that must be there; each throws when the environment was started without it. */
  readonly temporalAddress: () => string;
  readonly kubeconfig: () => string;
  readonly redisUrl: () => string;
  /** Faults. Only for environments of one's own: others use the shared one at the same time. */
  readonly kill: (server: string, signal?: NodeJS.Signals) => Promise<void>;
  readonly start: (server: string) => Promise<void>;
  readonly restart: (server: string, signal?: NodeJS.Signals) => Promise<void>;
}

/** The environment that test/run-all.ts started for all test files, named by PODKEEPER_DEV_STATE. */
export async function sharedEnvironment(): Promise<TestEnvironment> {
  const statePath = process.env['PODKEEPER_DEV_STATE'];
  const state = statePath === undefined ? null : await readState(statePath);
  if (statePath === undefined || state === null) {
    throw new Error('This test needs the local environment: run "npm test", or set PODKEEPER_DEV_STATE.');
  }
  return describeEnvironment(statePath, state);
}

let count = 0;

/** Starts an environment for one test, runs `use` and stops it. When the test's process dies it stops by itself. */
export async function withEnvironment<T>(
  options: Partial<EnvironmentOptions>,
  use: (environment: TestEnvironment) => Promise<T>,
): Promise<T> {
  count += 1;
  const environment = await up({
    name: `own-${process.pid}-${count}`,
    options,
    lifetime: 'owned',
    report: reportToStderr,
    env: process.env,
  });
  try {
    return await use(describeEnvironment(environment.statePath, environment.state));
  } finally {
    await environment.stop();
  }
}

function describeEnvironment(statePath: string, state: EnvironmentState): TestEnvironment {
  const need = <T>(part: T | null | undefined, name: string): T => {
    if (part === null || part === undefined) throw new Error(`The environment was started without ${name}.`);
    return part;
  };
  return {
    statePath,
    state,
    variables: environmentVariables({ state, statePath }),
    temporalAddress: () => need(state.temporal?.address, 'Temporal'),
    kubeconfig: () => need(state.kubeconfig, 'Kubernetes'),
    redisUrl: () => need(state.redisUrl, 'Redis'),
    kill: (server, signal) => killServer(statePath, server, signal),
    start: (server) => startServer(statePath, server),
    restart: (server, signal) => restartServer(statePath, server, signal),
  };
}
