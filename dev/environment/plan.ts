import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ToolPaths } from '../tools/tool.ts';
import type { EnvironmentOptions } from './options.ts';
import { writeAtomically } from '../shared/write-atomically.ts';

/** The names of all ports an environment may use. The kubelet's are free by definition: it has its own network. */
export const portNames = [
  'etcdClient',
  'etcdPeer',
  'apiServer',
  'controllerManager',
  'scheduler',
  'kwok',
  'standIn',
  'temporal',
  'temporalUi',
  'temporalHttp',
  'temporalMetrics',
  'redis',
] as const;

export type PortName = (typeof portNames)[number];
type Ports = Readonly<Record<PortName, number>>;

/**
 * Written before anything is started, so that whatever happens later can be undone: everything the environment makes
 * on the machine is named after `id`.
 */
export interface EnvironmentPlan {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly options: EnvironmentOptions;
  readonly tools: ToolPaths;
  readonly ports: Ports;
}

/** A new id: 8 hexadecimal digits. */
export function createEnvironmentId(): string {
  return randomBytes(4).toString('hex');
}

/** The name of the environment's cgroup in every hierarchy. */
export function cgroupName(id: string): string {
  return `podkeeper-${id}`;
}

/** The host's end of the node's cable. Linux allows 15 characters. */
export function hostLinkName(id: string): string {
  return `pk${id}h`;
}

/** The value of the mark that every process of the environment carries. */
export function markOf(id: string): string {
  return `podkeeper-${id}`;
}

export async function writePlan(path: string, plan: EnvironmentPlan): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/** Reads a plan; null when there is none. */
export async function readPlan(path: string): Promise<EnvironmentPlan | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as EnvironmentPlan);
}
