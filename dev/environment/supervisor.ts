// Entry file of an environment's supervisor: the parent of its servers, started by up.ts. It stops everything when told
// to (SIGTERM, by down.ts), and when the process it works for goes away without having detached it.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startControlServer } from './control/control-server.ts';
import { environmentPaths } from './folders.ts';
import type { EnvironmentPlan } from './plan.ts';
import { createEnvironmentId, markOf, portNames, writePlan } from './plan.ts';
import { identifyProcess } from './processes/process-identity.ts';
import { reservePorts } from './processes/reserved-ports.ts';
import type { ServerGroup } from './processes/server-group.ts';
import { createServerGroup } from './processes/server-group.ts';
import { startEnvironment } from './supervisor/start-environment.ts';
import { createStateWriter } from './supervisor/state-writer.ts';
import type { SupervisorCommand, SupervisorEvent } from './supervisor/messages.ts';
import { removeFolder, tearDown } from './supervisor/teardown.ts';

const stopping = new AbortController();
let detached = false;
let stopped: Promise<void> | undefined;

function tell(event: SupervisorEvent): void {
  if (process.connected) process.send?.(event);
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
  tell({ type: 'progress', line });
}

async function run(command: Extract<SupervisorCommand, { type: 'start' }>): Promise<void> {
  const paths = environmentPaths(command.folder);
  await mkdir(paths.logs, { recursive: true });
  const reserved = await reservePorts(portNames);
  const { name, folder, options, tools } = command;
  const plan: EnvironmentPlan = {
    version: 1,
    id: createEnvironmentId(),
    name,
    folder,
    options,
    tools,
    ports: reserved.ports,
  };
  await writePlan(paths.plan, plan);
  const self = identifyProcess(process.pid);
  const group: { servers: ServerGroup | null } = { servers: null };
  const state = createStateWriter(paths.state, () => [
    ...(self === null ? [] : [{ name: 'supervisor', ...self }]),
    ...(group.servers?.running() ?? []),
  ]);
  const servers = createServerGroup({
    folder,
    logsFolder: paths.logs,
    mark: markOf(plan.id),
    report,
    signal: stopping.signal,
    onChange: state.touch,
  });
  group.servers = servers;
  const control = await startControlServer({ path: paths.control, servers });
  const stop = async (keepLogs: boolean) => {
    control.close();
    await state.close();
    await tearDown({ id: plan.id, known: servers.running() });
    if (keepLogs) await removeAllButLogs(folder);
    else await removeFolder(folder);
  };
  try {
    const coordinates = await startEnvironment({ plan, servers, report, releasePorts: reserved.release });
    await state.complete(coordinates);
    control.ready();
    tell({ type: 'ready' });
    await untilAborted();
    await stop(false);
  } catch (error) {
    const wasStopped = stopping.signal.aborted;
    if (!wasStopped) process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    stopping.abort();
    await stop(!wasStopped);
    if (!wasStopped) tell({ type: 'failed', message: (error as Error).message });
    process.exitCode = wasStopped ? 0 : 1;
  }
}

function untilAborted(): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.signal.aborted) resolve();
    stopping.signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** After a failed start the logs are what the person needs. */
async function removeAllButLogs(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry !== 'logs') await rm(join(folder, entry), { recursive: true, force: true });
  }
}

process.on('message', (command: SupervisorCommand) => {
  if (command.type === 'detach') {
    detached = true;
    tell({ type: 'detached' });
  } else {
    stopped ??= run(command).finally(() => {
      process.exit();
    });
  }
});
process.on('disconnect', () => {
  if (!detached) stopping.abort();
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping.abort();
  });
}
