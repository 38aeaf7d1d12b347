import type { EnvironmentState, NamedProcess } from '../state.ts';
import { writeState } from '../state.ts';

/** Keeps the state file up to date, one write after the other. */
export interface StateWriter {
  /** Writes the current processes, soon. */
  readonly touch: () => void;
  /** Writes where everything is; from now on the file says so. */
  readonly complete: (coordinates: Omit<EnvironmentState, 'version' | 'pids'>) => Promise<void>;
  /** Waits for the last write and allows no more. */
  readonly close: () => Promise<void>;
}

/** Creates a writer that asks `processes` for the running processes at each write. */
export function createStateWriter(path: string, processes: () => readonly NamedProcess[]): StateWriter {
  let coordinates: Omit<EnvironmentState, 'version' | 'pids'> = {
    temporal: null,
    kubeconfig: null,
    redisUrl: null,
    standIn: null,
    node: 'none',
    reason: null,
  };
  let closed = false;
  let last: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    last = last.then(async () => {
      if (!closed) await writeState(path, { version: 1, pids: processes(), ...coordinates });
    });
    return last;
  };
  return {
    touch: () => void write(),
    complete: (found) => {
      coordinates = found;
      return write();
    },
    close: () => {
      closed = true;
      return last;
    },
  };
}
