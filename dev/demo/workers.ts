import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentPaths, projectFolder } from '../environment/folders.ts';
import { markOf, readPlan } from '../environment/plan.ts';
import { readLogTail } from '../environment/processes/log-tail.ts';
import { markVariable } from '../environment/processes/marked-processes.ts';
import { environmentVariables } from '../environment/shell-exports.ts';
import type { RunningEnvironment } from '../environment/up.ts';

const readyTimeoutSeconds = 60;
const stopSeconds = 8;

/** The demo's two worker processes. */
export interface DemoWorkers {
  /** Where their logs are. */
  readonly logs: string;
  /** Returns when both are ready; throws with the end of its log when one ends or does not become ready. */
  readonly untilReady: () => Promise<void>;
  /** Rejects when one of them ends before `stop`; never resolves. */
  readonly failure: Promise<never>;
  /** SIGTERM, then SIGKILL after 8 s. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts `workers/pod-worker.ts` and `workers/watch-worker.ts` against an environment. They carry its mark, so that
 * `dev down` finds them should this process be killed.
 */
export async function startWorkers(input: {
  readonly environment: RunningEnvironment;
  readonly cluster: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<DemoWorkers> {
  const folder = dirname(input.environment.statePath);
  const { logs } = environmentPaths(folder);
  mkdirSync(logs, { recursive: true });
  const plan = await readPlan(environmentPaths(folder).plan);
  const workerEnv = {
    ...inherited(input.env),
    ...environmentVariables(input.environment),
    ...(plan !== null && { [markVariable]: markOf(plan.id) }),
    CLUSTER_NAME: input.cluster,
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: '0',
    SHUTDOWN_GRACE_SECONDS: '3',
  };
  const workers = ['pod-worker', 'watch-worker'].map((name) => startWorker(name, logs, workerEnv));
  const failure = Promise.race(workers.map(({ ended }) => ended));
  // Awaited by whoever uses it; a worker may end before anyone does.
  failure.catch(() => undefined);
  return {
    logs,
    failure,
    untilReady: async () => {
      await Promise.race([Promise.all(workers.map(untilReady)), failure]);
    },
    stop: async () => {
      await Promise.all(workers.map(stopWorker));
    },
  };
}

interface Worker {
  readonly name: string;
  readonly log: string;
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  readonly ended: Promise<never>;
}

function startWorker(name: string, logs: string, env: NodeJS.ProcessEnv): Worker {
  const log = join(logs, `${name}.log`);
  const file = openSync(log, 'w');
  // Its own process group: Ctrl-C reaches the demo alone, which then stops its workers in order.
  const child = spawn(process.execPath, ['cli/run.js', `workers/${name}.ts`], {
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
  ended.catch(() => undefined);
  return { name, log, child, exited, ended };
}

async function untilReady({ name, log }: Worker): Promise<void> {
  const deadline = Date.now() + readyTimeoutSeconds * 1000;
  while (!(await isReady(log))) {
    if (Date.now() > deadline) {
      throw new Error(`The ${name} is not ready after ${readyTimeoutSeconds} s; ${log}:\n${await readLogTail(log)}`);
    }
    await sleep(100);
  }
}

/** The port is a free one that only the log tells. */
async function isReady(log: string): Promise<boolean> {
  const port = /"port":(\d+),"msg":"serving \/health/.exec(await readFile(log, 'utf8'))?.[1];
  if (port === undefined) return false;
  const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null);
  return answer?.status === 200;
}

async function stopWorker({ child, exited }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
  await exited;
  clearTimeout(timer);
}

/** Nothing that configures a worker: the person's own settings are for another server. */
function inherited(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LOG_LEVEL'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
