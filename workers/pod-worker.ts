import { createPodActivities } from '../activities/pods/index.ts';
import { createReplayActivities } from '../activities/replay/index.ts';
import { noRules } from '../domain/pods/rules/compiled-rules.ts';
import { taskQueues } from '../domain/task-queues.ts';
import { createKubernetesClient } from '../platform/kubernetes/client/client.ts';
import { createConnection } from '../platform/kubernetes/connection/connection.ts';
import { createPodkeeperWorker } from '../platform/temporal/worker.ts';
import { loadWorkflowCode } from '../platform/temporal/workflow-code.ts';
import { runWorkerProcess } from './worker-process.ts';

// Runs every workflow, and the activities of pod runs and of replays.
await runWorkerProcess('pod-worker', async ({ config, logger, metrics, shutdown, connection, client }) => {
  const kubernetesConnection = await createConnection({ context: config.cluster.context });
  shutdown.onClose('kubernetes connection', () => kubernetesConnection.close());
  const kubernetes = createKubernetesClient({ connection: kubernetesConnection, metrics });
  const getPod = async (namespace: string, name: string) => {
    const pod = await kubernetes.getPod({ namespace, name });
    return pod?.metadata?.uid === undefined ? undefined : { uid: pod.metadata.uid };
  };
  const { name: cluster } = config.cluster;
  const rules = () => noRules;
  const worker = await createPodkeeperWorker({
    connection,
    namespace: config.temporal.server.namespace,
    taskQueue: taskQueues.pods,
    activities: {
      ...createPodActivities({ metrics, rules, cluster, getPod }),
      ...createReplayActivities({ client, cluster, rules, metrics }),
    },
    workflows: await loadWorkflowCode({ mode: config.process.mode, logger }),
    shutdownGraceSeconds: config.process.shutdownGraceSeconds,
    buildId: config.temporal.buildId,
    deploymentName: config.temporal.deploymentName,
  });
  return { worker };
});
