import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { createTemporalCli } from '../temporal-cli.ts';
import type { WorkflowServers } from './workflow-servers.ts';

const deploymentName = 'podkeeper';
const deployment = ['--deployment-name', deploymentName];
/** `temporal.api.enums.v1.RoutingConfigUpdateState` */
const routingUpdateInProgress = 1;

/** The commands of docs/operations.md, run with the Temporal CLI. */
export async function createVersionCommands({ client, namespace }: Pick<WorkflowServers, 'client' | 'namespace'>) {
  const temporal = await createTemporalCli(namespace);

  /** Changes the routing and waits until every task queue follows it, about a second later. */
  const route = async (command: string, ...options: readonly string[]): Promise<void> => {
    await temporal('worker', 'deployment', command, ...deployment, ...options, '--yes');
    for (;;) {
      const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment({
        namespace,
        deploymentName,
      });
      if ((info?.routingConfigUpdateState as number | undefined) !== routingUpdateInProgress) return;
      await sleep(50);
    }
  };
  return {
    setCurrent: (buildId: string, ...options: readonly string[]) =>
      route('set-current-version', '--build-id', buildId, ...options),
    setUnversioned: () => route('set-current-version', '--unversioned'),
    /** 0 to 100 % of the runs. */
    ramp: (buildId: string, percentage: number) =>
      route('set-ramping-version', '--build-id', buildId, '--percentage', String(percentage)),
    describe: (buildId: string) =>
      temporal('worker', 'deployment', 'describe-version', ...deployment, '--build-id', buildId),
    pin: (workflowId: string, buildId: string) =>
      temporal(
        ...['workflow', 'update-options', '--workflow-id', workflowId, '--versioning-override-behavior', 'pinned'],
        ...['--versioning-override-deployment-name', deploymentName, '--versioning-override-build-id', buildId],
      ),
  };
}

/** The build ids that took the run's tasks, in order and without repetition; `''` stands for workers without one. */
export async function versionsOf(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const taken = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) =>
    task == null ? [] : [task.deploymentVersion?.buildId ?? ''],
  );
  return taken.filter((buildId, index) => buildId !== taken[index - 1]);
}

/** A version exists once its worker has polled, a little after the worker says that it runs. */
export async function untilKnown(describe: () => Promise<string>): Promise<void> {
  for (const deadlineMs = performance.now() + 20_000; ;) {
    const [text, problem] = await describe().then(
      (printed) => [printed, 'it lacks the queue podkeeper-pods'] as const,
      (error: unknown) => ['', String(error)] as const,
    );
    if (/podkeeper-pods\s+workflow/.test(text)) return;
    if (performance.now() > deadlineMs) throw new Error(`This version does not come: ${problem}`);
    await sleep(100);
  }
}
