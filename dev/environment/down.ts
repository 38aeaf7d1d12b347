import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../shared/report.ts';
import { withProgress } from '../shared/report.ts';
import { environmentFolder, environmentPaths } from './folders.ts';
import { readPlan } from './plan.ts';
import type { ProcessIdentity } from './processes/process-identity.ts';
import { isAlive, signalProcess } from './processes/process-identity.ts';
import { readState } from './state.ts';
import { removeFolder, tearDown } from './supervisor/teardown.ts';

const supervisorTimeoutSeconds = 60;

/** Stops an environment and removes everything it made, logs included. One that is not there is none the less down. */
export async function down(input: {
  readonly name: string;
  readonly report: Report;
  readonly root?: string;
}): Promise<void> {
  await downFolder({ folder: environmentFolder(input.name, input.root), report: input.report });
}

/**
 * Asks the supervisor to stop, then does itself whatever is left: all of it when the supervisor was killed. Processes are
 * told by pid and start time, by their mark and by their cgroup; nothing else is signalled.
 */
export async function downFolder(input: { readonly folder: string; readonly report: Report }): Promise<void> {
  const { folder } = input;
  if (!existsSync(folder)) return;
  const paths = environmentPaths(folder);
  const [state, plan] = [await readState(paths.state), await readPlan(paths.plan)];
  const known = state?.pids ?? [];
  const supervisor = known.find(({ name }) => name === 'supervisor');
  if (supervisor !== undefined) {
    await withProgress({
      what: 'stopping all servers',
      report: input.report,
      work: () => stopSupervisor(supervisor),
    });
  }
  if (plan !== null) await tearDown({ id: plan.id, known });
  await removeFolder(folder);
}

async function stopSupervisor(supervisor: ProcessIdentity): Promise<void> {
  signalProcess(supervisor, 'SIGTERM');
  const deadline = Date.now() + supervisorTimeoutSeconds * 1000;
  while (isAlive(supervisor)) {
    if (Date.now() > deadline) signalProcess(supervisor, 'SIGKILL');
    await sleep(50);
  }
}
