import { readdir } from 'node:fs/promises';
import { isEnvironmentReady } from './control/control-client.ts';
import { environmentFolder, environmentPaths, environmentsFolder } from './folders.ts';
import { isAlive } from './processes/process-identity.ts';
import type { EnvironmentState, NamedProcess } from './state.ts';
import { readState } from './state.ts';

/** How an environment is: `running`, `starting` (or stopping), `broken` (its supervisor is gone), `down`. */
export interface EnvironmentStatus {
  readonly name: string;
  readonly phase: 'running' | 'starting' | 'broken' | 'down';
  readonly statePath: string;
  readonly state: EnvironmentState | null;
  readonly processes: readonly (NamedProcess & { readonly alive: boolean })[];
}

/** Looks at one environment. */
export async function status(name: string, root?: string): Promise<EnvironmentStatus> {
  const folder = environmentFolder(name, root);
  const { state: statePath } = environmentPaths(folder);
  const state = await readState(statePath);
  const processes = (state?.pids ?? []).map((process) => ({ ...process, alive: isAlive(process) }));
  const supervised = processes.some((process) => process.name === 'supervisor' && process.alive);
  const ready = supervised && (await isEnvironmentReady(folder));
  const phase = state === null ? 'down' : ready ? 'running' : supervised ? 'starting' : 'broken';
  return { name, phase, statePath, state, processes };
}

/** The names of all environments that left a folder. */
export async function listEnvironments(root = environmentsFolder): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
