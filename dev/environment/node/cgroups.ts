import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const cgroupMount = '/sys/fs/cgroup';

/** Where a top-level cgroup is or would be: one folder with cgroup v2, one in each hierarchy with v1. */
export function cgroupFolders(name: string): string[] {
  if (existsSync(join(cgroupMount, 'cgroup.controllers'))) return [join(cgroupMount, name)];
  if (!existsSync(cgroupMount)) return [];
  return readdirSync(cgroupMount, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(cgroupMount, entry.name, name));
}

/** Makes the cgroup in every hierarchy: the kubelet wants its root to be there. */
export async function createCgroup(name: string): Promise<void> {
  for (const folder of cgroupFolders(name)) await mkdir(folder, { recursive: true });
}

/** The processes in the cgroup and below it: those of the node's containers. */
export function processesInCgroup(name: string): number[] {
  const found = cgroupFolders(name)
    .flatMap((folder) => withDescendants(folder))
    .flatMap(readProcesses);
  return [...new Set(found)];
}

/** Removes the cgroup everywhere, deepest first. Its processes must be gone. */
export async function removeCgroup(name: string): Promise<void> {
  for (const folder of cgroupFolders(name).flatMap((path) => withDescendants(path))) {
    await rmdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}

/** The folders below `folder` and it itself, children before parents. */
function withDescendants(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap((child) => withDescendants(join(folder, child.name))), folder];
}

function readProcesses(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    // A cgroup that went away in the meantime has no processes, and a threaded one lists them in its parent.
    return [];
  }
}
