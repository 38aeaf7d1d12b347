import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { createPodActivities } from '../../activities/pods/index.ts';
import { up } from '../../dev/environment/up.ts';
import { reportToStderr, withProgress } from '../../dev/shared/report.ts';
import { noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { connectTemporalWorker } from '../../platform/temporal/connect.ts';
import { installTemporalRuntime } from '../../platform/temporal/runtime.ts';
import { createPodkeeperWorker } from '../../platform/temporal/worker.ts';
import { bundleWorkflows } from '../../platform/temporal/workflow-code.ts';
import { naiveActivities } from './naive-activities.ts';

const environmentName = 'bench';
const sourcePath = fileURLToPath(new URL('workflows.ts', import.meta.url));

/**
 * Starts a Temporal server of the bench's own and, in this process, one worker that serves both ways; stops them when
 * `use` is done. The environment stops by itself when this process ends otherwise. Throws when a bench is running already.
 */
export async function withServers<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const environment = await up({
    name: environmentName,
    options: { temporal: true, redis: false, kubernetes: 'none' },
    lifetime: 'owned',
    report: reportToStderr,
    env: process.env,
  });
  if (!environment.started) {
    throw new Error(`The environment "${environmentName}" is in use: two benches at once would measure each other.`);
  }
  try {
    const { temporal } = environment.state;
    if (temporal === null) throw new Error('The environment came up without Temporal.');
    return await withWorker(temporal, use);
  } finally {
    await environment.stop();
  }
}

async function withWorker<T>(
  { address, namespace }: { readonly address: string; readonly namespace: string },
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const logger = createLogger({ level: 'warn', name: 'bench' });
  installTemporalRuntime(logger);
  const code = await withProgress({
    what: 'bundling workflows',
    report: reportToStderr,
    work: () => bundleWorkflows({ logger, sourcePath }),
  });
  const connection = await connectTemporalWorker({
    server: { address, namespace },
    connectTimeoutSeconds: 30,
    logger,
  });
  try {
    const worker = await createPodkeeperWorker({
      connection,
      namespace,
      taskQueue: taskQueues.pods,
      // No pod goes without a change for so long that its run asks for it.
      activities: {
        ...createPodActivities({
          metrics: createMetrics(),
          rules: () => noRules,
          cluster: 'bench',
          getPod: () => Promise.resolve(undefined),
        }),
        ...naiveActivities,
      },
      workflows: { workflowBundle: { code } },
      shutdownGraceSeconds: 1,
      buildId: '',
      deploymentName: environmentName,
    });
    return await worker.runUntil(use(new Client({ connection, namespace })));
  } finally {
    await connection.close();
  }
}
