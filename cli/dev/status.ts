import type { EnvironmentStatus } from '../../dev/environment/status.ts';
import { listEnvironments, status } from '../../dev/environment/status.ts';
import { printTable } from '../output.ts';

/** Shows one environment or all of them. Exit code 1 when none runs or one is not whole. */
export async function showStatus(options: {
  readonly name?: string;
  readonly output: 'table' | 'json';
}): Promise<void> {
  const names = options.name === undefined ? await listEnvironments() : [options.name];
  const found = await Promise.all(names.map((name) => status(name)));
  if (options.output === 'json') for (const environment of found) console.log(JSON.stringify(environment));
  else if (found.length === 0) console.log('No local environment runs. Start one with "podkeeper dev up".');
  else for (const environment of found) printEnvironment(environment);
  if (found.length === 0 || found.some((environment) => !isWhole(environment))) process.exitCode = 1;
}

function isWhole({ phase, processes }: EnvironmentStatus): boolean {
  return phase === 'running' && processes.every(({ alive }) => alive);
}

function printEnvironment({ name, phase, state, processes }: EnvironmentStatus): void {
  const remedy = phase === 'broken' ? '; "podkeeper dev down" removes what is left' : '';
  console.log(`${name}: ${phase}${remedy}`);
  if (state === null) return;
  if (state.temporal !== null) console.log(`  Temporal ${state.temporal.address}, UI ${state.temporal.uiUrl}`);
  if (state.kubeconfig !== null) console.log(`  Kubernetes ${state.kubeconfig}, node: ${state.node}`);
  if (state.reason !== null) console.log(`  no real node: ${state.reason}`);
  if (state.redisUrl !== null) console.log(`  Redis ${state.redisUrl}`);
  printTable(processes, [
    { title: '  PROCESS', value: (process) => `  ${process.name}` },
    { title: 'PID', value: (process) => String(process.pid) },
    { title: 'STATE', value: (process) => (process.alive ? 'running' : 'gone') },
  ]);
}
