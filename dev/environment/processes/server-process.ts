import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLogTail } from './log-tail.ts';
import { markVariable } from './marked-processes.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { identifyProcess, signalProcess } from './process-identity.ts';
import type { ServerSpec } from './server-spec.ts';

/** A started server, child of this process. */
export interface ServerProcess {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<string>;
}

/** Starts a server with a small, fixed environment and its output in a log file. It carries the environment's mark. */
export function spawnServer(input: {
  readonly spec: ServerSpec;
  readonly logPath: string;
  readonly mark: string;
  readonly folder: string;
}): ServerProcess {
  const log = openSync(input.logPath, 'a');
  try {
    const child = spawn(input.spec.command, input.spec.args, {
      cwd: input.folder,
      stdio: ['ignore', log, log],
      env: serverEnvironment(input),
    });
    const exited = awaitExit(child);
    const identity = child.pid === undefined ? null : identifyProcess(child.pid);
    // A child that failed at once is told by `exited`; an impossible start time makes it nobody's to signal.
    return { identity: identity ?? { pid: child.pid ?? 0, startTime: -1 }, exited };
  } finally {
    closeSync(log);
  }
}

/**
 * The person's proxies, TEMPORAL_ variables and the like would change what the servers do, so they get none of them.
 * HOME is the environment's folder: nothing is read from or written to the person's own.
 */
function serverEnvironment(input: { readonly spec: ServerSpec; readonly mark: string; readonly folder: string }) {
  return {
    PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
    HOME: input.folder,
    [markVariable]: input.mark,
    ...input.spec.env,
  };
}

function awaitExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`);
    });
  });
}

const pollMilliseconds = 50;

/** Waits until a server serves. Throws with the end of its log and the log's path when it ends or takes too long. */
export async function waitUntilReady(input: {
  readonly spec: ServerSpec;
  readonly server: ServerProcess;
  readonly logPath: string;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { spec } = input;
  const deadline = Date.now() + spec.readyTimeoutSeconds * 1000;
  const ended: { how: string | null } = { how: null };
  void input.server.exited.then((how) => (ended.how = how));
  for (;;) {
    input.signal?.throwIfAborted();
    if (ended.how !== null) throw await notReady(`${spec.name} ${ended.how}`, input.logPath);
    if (await spec.isReady().catch(() => false)) return;
    if (Date.now() > deadline) {
      throw await notReady(`${spec.name} was not ready after ${spec.readyTimeoutSeconds} s`, input.logPath);
    }
    await sleep(pollMilliseconds);
  }
}

async function notReady(what: string, logPath: string): Promise<Error> {
  return new Error(`${what}. Its log, ${logPath}, ends with:\n${await readLogTail(logPath)}`);
}

/** Sends a signal and waits until the server is gone. */
export async function endServer(server: ServerProcess, signal: NodeJS.Signals): Promise<void> {
  signalProcess(server.identity, signal);
  await server.exited;
}
