import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../shared/run-command.ts';
import { cgroupFolders, processesInCgroup, removeCgroup } from '../node/cgroups.ts';
import { cgroupName, hostLinkName, markOf } from '../plan.ts';
import { findMarkedProcesses } from '../processes/marked-processes.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import { identifyProcess, isAlive, signalProcess } from '../processes/process-identity.ts';

const timeoutSeconds = 30;

/**
 * Ends every process of an environment and removes what it made on the machine: containers, cgroups, the cable to the
 * node. Mounts, routes and iptables rules live in the node's namespaces and end with them. May be called at any time,
 * again and again, by the supervisor or in its place. Throws when something resists for 30 s.
 */
export async function tearDown(input: {
  readonly id: string;
  /** Processes known by the state file; those with the environment's mark are found without it. */
  readonly known: readonly ProcessIdentity[];
}): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  await killAll(input, deadline);
  await deleteHostLink(hostLinkName(input.id));
  if (cgroupFolders(cgroupName(input.id)).some((folder) => existsSync(folder)))
    await retry(() => removeCgroup(cgroupName(input.id)), deadline);
}

async function killAll(input: { readonly id: string; readonly known: readonly ProcessIdentity[] }, deadline: number) {
  for (;;) {
    const remaining = findRemaining(input);
    if (remaining.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        `Processes ${remaining.map(({ pid }) => pid).join(', ')} did not end within ${timeoutSeconds} s.`,
      );
    }
    for (const identity of remaining) signalProcess(identity, 'SIGKILL');
    await sleep(50);
  }
}

function findRemaining(input: { readonly id: string; readonly known: readonly ProcessIdentity[] }): ProcessIdentity[] {
  const inContainers = processesInCgroup(cgroupName(input.id))
    .map(identifyProcess)
    .filter((identity) => identity !== null);
  const known = input.known.filter((identity) => identity.pid !== process.pid && isAlive(identity));
  return [...known, ...findMarkedProcesses(markOf(input.id)), ...inContainers];
}

/** The kernel removes the cable with the node's namespace, a moment after its last process; this does not wait for it. */
async function deleteHostLink(name: string): Promise<void> {
  if (!existsSync(`/sys/class/net/${name}`)) return;
  await runCommand({ command: 'ip', args: ['link', 'delete', name] }).catch((error: unknown) => {
    if (existsSync(`/sys/class/net/${name}`)) throw error;
  });
}

/** Removes the environment's folder. Mounts of a namespace that is just ending may keep it busy for a moment. */
export async function removeFolder(folder: string): Promise<void> {
  await retry(() => rm(folder, { recursive: true, force: true }), Date.now() + timeoutSeconds * 1000);
}

async function retry(work: () => Promise<void>, deadline: number): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
