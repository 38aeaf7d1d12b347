import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
/** Workers bundle their workflows first: 5 s of one core, and tests share the machine. */
const readySeconds = 240;

/** A gateway or a session worker as a process of its own, as in production. Restarted it has the same ports. */
export interface RigProcess {
  readonly name: string;
  /** Of the process that runs now. */
  readonly pid: () => number;
  /** `http://127.0.0.1:<port>` of /health, /ready and /metrics. */
  readonly healthOrigin: string;
  readonly logFile: string;
  readonly log: () => Promise<string>;
  /** Returns when /ready is 200; throws with the end of the log when it ends or takes too long. */
  readonly untilReady: () => Promise<void>;
  /** Sends a signal and, for one that ends it, nothing more: see `ended`. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** Waits until it is gone: the exit code, or null when a signal ended it. */
  readonly ended: () => Promise<number | null>;
  /** SIGKILL, and waits until it is gone. Safe when it is. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and waits until it is gone: its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Starts it anew after its end; with other settings when they are given. Does not wait for /ready. */
  readonly start: (changes?: Readonly<Record<string, string>>) => void;
}

export interface RigProcessOptions {
  readonly name: string;
  /** From the root of the project. */
  readonly entry: string;
  readonly logFile: string;
  readonly healthPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts it. What it says is appended to its log file. */
export function startRigProcess(options: RigProcessOptions): RigProcess {
  const { name, logFile, healthPort } = options;
  const healthOrigin = `http://127.0.0.1:${healthPort}`;
  const launch = (changes: Readonly<Record<string, string>> = {}) => {
    const log = openSync(logFile, 'a');
    const child: ChildProcess = spawn(process.execPath, [options.entry], {
      cwd: root,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env['PATH'] ?? '',
        METRICS_HOST: '127.0.0.1',
        METRICS_PORT: String(healthPort),
        ...options.env,
        ...changes,
      },
    });
    closeSync(log);
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, exited };
  };
  let current = launch();
  const isOver = () => current.child.exitCode !== null || current.child.signalCode !== null;
  const fail = async (what: string) =>
    new Error(`The ${name} ${what}. ${logFile} ends with:\n${(await readFile(logFile, 'utf8')).slice(-4000)}`);

  return {
    name,
    healthOrigin,
    logFile,
    pid: () => current.child.pid ?? 0,
    log: () => readFile(logFile, 'utf8'),
    untilReady: async () => {
      const deadline = Date.now() + readySeconds * 1000;
      for (;;) {
        if (isOver()) throw await fail('ended before it was ready');
        if (await isReady(healthOrigin)) return;
        if (Date.now() > deadline) throw await fail(`is not ready after ${readySeconds} s`);
        await sleep(100);
      }
    },
    signal: (signal) => {
      current.child.kill(signal);
    },
    ended: () => current.exited,
    kill: async () => {
      if (!isOver()) current.child.kill('SIGKILL');
      await current.exited;
    },
    stop: async () => {
      if (!isOver()) current.child.kill('SIGTERM');
      return await current.exited;
    },
    start: (changes) => {
      if (!isOver()) throw new Error(`The ${name} runs.`);
      current = launch(changes);
    },
  };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(2000) });
    await answer.text();
    return answer.status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}
