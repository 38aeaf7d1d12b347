import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EnvironmentState } from '../../dev/environment/state.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type WorkerName = 'watch-worker' | 'pod-worker';

export interface WorkerChild {
  readonly name: WorkerName;
  readonly pid: number;
  /** Waits until it polls for tasks; before that a signal simply ends it. */
  running(): Promise<void>;
  /** Sends a signal and waits until the process is gone; its exit code, or null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface WorkerChildOptions {
  readonly name: WorkerName;
  readonly state: EnvironmentState;
  readonly logFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The settings a worker needs to find the servers of a local environment. */
export function workerEnv(state: EnvironmentState): Record<string, string> {
  const redis = new URL(state.redisUrl ?? 'redis://127.0.0.1:1');
  return {
    TEMPORAL_ADDRESS: state.temporal?.address ?? '',
    TEMPORAL_NAMESPACE: state.temporal?.namespace ?? '',
    KUBECONFIG: state.kubeconfig ?? '',
    REDIS_HOST: redis.hostname,
    REDIS_PORT: redis.port,
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: '0',
  };
}

/** Starts a worker as a process of its own, as in production; what it logs is appended to `<logFolder>/<name>.log`. */
export function startWorker({ name, state, logFolder, env }: WorkerChildOptions): WorkerChild {
  const logFile = join(logFolder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn(process.execPath, [join(root, 'workers', `${name}.ts`)], {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'] ?? '', ...workerEnv(state), ...env },
  });
  closeSync(log);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    name,
    pid: child.pid ?? 0,
    async running() {
      const started = new RegExp(`"pid":${child.pid},.*"state":"RUNNING"`);
      for (let tries = 0; tries < 300; tries += 1) {
        if (started.test(await readFile(logFile, 'utf8'))) return;
        await sleep(100);
      }
      throw new Error(`${name} was not running within 30 s, see ${logFile}`);
    },
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}
