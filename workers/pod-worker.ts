import { createPodActivities } from '../activities/pods/index.ts';
import { createReplayActivities } from '../activities/replay/index.ts';
import { taskQueues } from '../domain/task-queues.ts';
import { createKubernetesClient } from '../platform/kubernetes/client/client.ts';
import { createConnection } from '../platform/kubernetes/connection/connection.ts';
import { exitForConfig } from '../platform/process/config-or-exit.ts';
import { openRules } from '../platform/rules/open-rules.ts';
import { createPodkeeperWorker } from '../platform/temporal/worker.ts';
import { loadWorkflowCode } from '../platform/temporal/workflow-code.ts';
import { runWorkerProcess } from './worker-process.ts';

// Runs every workflow, and the activities of pod runs and of replays.
await runWorkerProcess('pod-worker', async ({ config, logger, metrics, shutdown, connection, client }) => {
  const rules = await openRules(config.rules.file, { logger, metrics }).catch(exitForConfig);
  shutdown.onClose('rules', () => rules.close());
  const kubernetesConnection = await createConnection({ context: config.cluster.context });
  shutdown.onClose('kubernetes connection', () => kubernetesConnection.close());
  const kubernetes = createKubernetesClient({ connection: kubernetesConnection, metrics });
  const getPod = async (namespace: string, name: string) => {
    const pod = await kubernetes.getPod({ namespace, name });
    return pod?.metadata?.uid === undefined ? undefined : { uid: pod.metadata.uid };
  };
  const { name: cluster } = config.cluster;
  const worker = await createPodkeeperWorker({
    connection,
    namespace: config.temporal.server.namespace,
    taskQueue: taskQueues.pods,
    activities: {
      ...createPodActivities({ metrics, rules: rules.current, cluster, getPod }),
      ...createReplayActivities({ client, cluster, rules: rules.current, metrics }),
    },
    workflows: await loadWorkflowCode({ mode: config.process.mode, logger }),
    shutdownGraceSeconds: config.process.shutdownGraceSeconds,
    buildId: config.temporal.buildId,
    deploymentName: config.temporal.deploymentName,
  });
  return { worker };
});
