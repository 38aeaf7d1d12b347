import { readFileSync } from 'node:fs';

/** A process id together with its start time in clock ticks since boot: a reused id does not match. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: number;
}

interface ProcessStatus {
  readonly startTime: number;
  readonly state: string;
}

/** Field 3 (state) and 22 (start time) of /proc/<pid>/stat, proc(5); null when there is no such process. */
function readProcessStatus(pid: number): ProcessStatus | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
  // Field 2 is the program's name in parentheses and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: Number(fields[19]) };
}

/** The identity of a process that runs now, or null. A zombie does not run. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const status = readProcessStatus(pid);
  if (status === null || status.state === 'Z' || status.state === 'X') return null;
  return { pid, startTime: status.startTime };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTime === identity.startTime;
}

/** Signals exactly this process; returns false when it does not run any more. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
