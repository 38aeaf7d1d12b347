import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireMachineLock } from '../shared/machine-lock.ts';
import type { Report } from '../shared/report.ts';
import { withProgress } from '../shared/report.ts';
import { resolveTools } from '../tools/resolve-tools.ts';
import type { ToolName } from '../tools/tool.ts';
import { isEnvironmentReady } from './control/control-client.ts';
import { downFolder } from './down.ts';
import { environmentFolder, environmentPaths } from './folders.ts';
import type { EnvironmentOptions } from './options.ts';
import { defaultOptions } from './options.ts';
import { isAlive } from './processes/process-identity.ts';
import type { EnvironmentState } from './state.ts';
import { readState } from './state.ts';
import type { SupervisorCommand, SupervisorEvent } from './supervisor/messages.ts';

/** A running environment. */
export interface RunningEnvironment {
  readonly name: string;
  readonly statePath: string;
  readonly state: EnvironmentState;
  /** false when it ran before and was only found. */
  readonly started: boolean;
  /** Stops it. Does nothing to an environment that ran before. */
  readonly stop: () => Promise<void>;
}

export interface UpInput {
  readonly name: string;
  readonly options?: Partial<EnvironmentOptions>;
  /**
   * `kept`: runs until `down`, whatever becomes of this process. `owned`: is stopped when this process ends, however it
   * ends.
   */
  readonly lifetime: 'kept' | 'owned';
  readonly report: Report;
  readonly env: NodeJS.ProcessEnv;
  /** Aborting while it starts stops everything and throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Where environments live; `.podkeeper/dev` of this checkout by default. */
  readonly root?: string;
}

const supervisorEntry = fileURLToPath(new URL('supervisor.ts', import.meta.url));

/**
 * Brings an environment up: finds or builds the programs, starts the servers under a supervisor, and returns when all of
 * them serve. One that runs already is returned as it is. Throws, with nothing left behind but logs, when a server fails.
 */
export async function up(input: UpInput): Promise<RunningEnvironment> {
  if (process.platform !== 'linux') throw new Error(`The local environment needs Linux; this is ${process.platform}.`);
  const folder = environmentFolder(input.name, input.root);
  const lock = await acquireMachineLock({
    key: `environment ${folder}`,
    onWait: () => input.report(`another process is starting the environment "${input.name}"; waiting`),
    ...(input.signal && { signal: input.signal }),
  });
  try {
    const found = await findRunning(folder, input);
    return found ?? (await start(folder, input));
  } finally {
    await lock.release();
  }
}

async function findRunning(folder: string, input: UpInput): Promise<RunningEnvironment | null> {
  const { state: statePath } = environmentPaths(folder);
  const state = await readState(statePath);
  const supervisor = state?.pids.find(({ name }) => name === 'supervisor');
  if (state === null || supervisor === undefined || !isAlive(supervisor)) return null;
  if (await isEnvironmentReady(folder)) {
    return { name: input.name, statePath, state, started: false, stop: () => Promise.resolve() };
  }
  // Its starter was killed, or `down` is at work: in both cases it is going away.
  await withProgress({
    what: `the previous environment "${input.name}" is stopping`,
    report: input.report,
    work: async () => {
      while (isAlive(supervisor)) await sleep(100);
    },
  });
  return null;
}

async function start(folder: string, input: UpInput): Promise<RunningEnvironment> {
  await downFolder({ folder, report: input.report });
  const options = { ...defaultOptions, ...input.options };
  const tools = await resolveTools({ names: neededTools(options), ...input });
  const paths = environmentPaths(folder);
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(join(paths.logs, 'supervisor.log'), 'a');
  const child = fork(supervisorEntry, [], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: input.env,
    execArgv: [],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  send(child, { type: 'start', name: input.name, folder, options, tools });
  try {
    await untilReady(child, input);
  } catch (error) {
    if (child.connected) child.disconnect();
    await exited;
    throw error;
  }
  if (input.lifetime === 'kept') await detach(child);
  else child.channel?.unref();
  child.unref();
  const state = await readState(paths.state);
  if (state === null) throw new Error(`${paths.state} is gone although the environment has just become ready.`);
  return {
    name: input.name,
    statePath: paths.state,
    state,
    started: true,
    stop: () => downFolder({ folder, report: input.report }),
  };
}

function send(child: ChildProcess, command: SupervisorCommand): void {
  child.send(command);
}

function untilReady(child: ChildProcess, input: UpInput): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(input.signal?.reason as Error);
    };
    input.signal?.addEventListener('abort', abort, { once: true });
    child.on('message', (event: SupervisorEvent) => {
      if (event.type === 'progress') input.report(event.line);
      if (event.type === 'failed') reject(new Error(event.message));
      if (event.type === 'ready') {
        input.signal?.removeEventListener('abort', abort);
        resolve();
      }
    });
    child.once('exit', () => {
      reject(new Error('The supervisor ended before the environment was ready; see logs/supervisor.log.'));
    });
  });
}

/** Waits for the answer: a channel closed too early would mean "stop". */
async function detach(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    child.on('message', (event: SupervisorEvent) => {
      if (event.type === 'detached') resolve();
    });
    send(child, { type: 'detach' });
  });
  child.disconnect();
}

/** The programs an environment needs. kubectl is for the person: `dev env` puts it into PATH. */
function neededTools(options: EnvironmentOptions): ToolName[] {
  const controlPlane = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;
  return [
    ...(options.temporal ? (['temporal'] as const) : []),
    ...(options.redis ? (['redis-server'] as const) : []),
    ...(options.kubernetes === 'none' ? [] : controlPlane),
    ...(options.kubernetes === 'real' ? (['kubelet'] as const) : []),
    ...(options.kubernetes === 'real' || options.kubernetes === 'simulated' ? (['kwok'] as const) : []),
  ];
}
