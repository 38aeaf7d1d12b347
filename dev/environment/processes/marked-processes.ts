import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from './process-identity.ts';
import { identifyProcess } from './process-identity.ts';

/**
 * Every process of an environment has this variable, inherited by whatever it starts (containerd's shims, too). It finds
 * them all, even when the supervisor was killed between starting one and writing it down.
 */
export const markVariable = 'PODKEEPER_DEV_MARK';

/** The processes that carry an environment's mark, this one excepted. Other users' processes are not readable and skipped. */
export function findMarkedProcesses(mark: string): ProcessIdentity[] {
  const wanted = `${markVariable}=${mark}`;
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (!readEnvironment(pid).includes(wanted)) continue;
    const identity = identifyProcess(pid);
    if (identity !== null) found.push(identity);
  }
  return found;
}

function readEnvironment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Gone in the meantime, or another user's: in both cases not a process this one may stop.
    return [];
  }
}
