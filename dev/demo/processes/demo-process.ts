import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from '../../environment/folders.ts';
import { readLogTail } from '../../environment/processes/log-tail.ts';

const readyTimeoutSeconds = 60;
const stopSeconds = 8;

/** One process of Podkeeper that the demo runs. */
export interface DemoProcess {
  /** Returns when `/ready` is 200; throws with the end of its log when that takes too long. */
  readonly untilReady: () => Promise<void>;
  /** Rejects with the end of its log when the process ends; never resolves. */
  readonly ended: Promise<never>;
  /** Where it serves `/metrics`; known once it is ready. */
  readonly metricsUrl: () => Promise<string>;
  /** The port that its log tells with this message; waits for it. */
  readonly portOf: (message: string) => Promise<number>;
  /** SIGTERM, then SIGKILL after 8 s. */
  readonly stop: () => Promise<void>;
}

export interface DemoProcessOptions {
  readonly name: string;
  /** From the root of the project. */
  readonly script: string;
  readonly logs: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts it, with its own log file. */
export function startDemoProcess({ name, script, logs, env }: DemoProcessOptions): DemoProcess {
  const log = join(logs, `${name}.log`);
  const file = openSync(log, 'w');
  // Its own process group: Ctrl-C reaches the demo alone, which then stops its processes in order.
  const child = spawn(process.execPath, ['cli/run.js', script], {
    cwd: projectFolder,
    env,
    detached: true,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = exited.then(async () => {
    throw new Error(`The ${name} ended; the end of ${log}:\n${await readLogTail(log)}`);
  });
  // Awaited by whoever uses it; a process may end before anyone does.
  ended.catch(() => undefined);

  const deadline = Date.now() + readyTimeoutSeconds * 1000;
  const retry = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await attempt();
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        throw new Error(`The ${name} is not ready after ${readyTimeoutSeconds} s; ${log}:\n${await readLogTail(log)}`);
      }
      await sleep(100);
    }
  };
  // Ports are free ones that only the log tells.
  const portOf = (message: string) => retry(async () => portIn(await readFile(log, 'utf8'), message));
  const healthUrl = async () => `http://127.0.0.1:${await portOf('serving /health')}`;
  return {
    ended,
    portOf,
    metricsUrl: async () => `${await healthUrl()}/metrics`,
    untilReady: async () => {
      const url = `${await healthUrl()}/ready`;
      await retry(async () => {
        const answer = await fetch(url).catch(() => null);
        return answer?.status === 200 ? true : undefined;
      });
    },
    stop: () => stopChild(child, exited),
  };
}

function portIn(log: string, message: string): number | undefined {
  const line = log.split('\n').find((one) => one.includes(`"msg":"${message}`));
  const port = /"port":(\d+)/.exec(line ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
  await exited;
  clearTimeout(timer);
}
