import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../tools/tool.ts';
import { findKwokStages } from '../../tools/go/kwok-stages.ts';
import { environmentPaths } from '../folders.ts';
import type { EnvironmentPlan } from '../plan.ts';
import type { ServerGroup } from '../processes/server-group.ts';
import type { ServerSpec } from '../processes/server-spec.ts';
import { answersOk } from '../servers/http-probe.ts';
import type { KubernetesAccess } from '../servers/kubernetes-access.ts';
import { simulatedPodCidr } from './addresses.ts';
import { readStages } from './stages.ts';
import { standInServer } from './stand-in-server.ts';

const annotation = 'kwok.x-k8s.io/node';

/**
 * Starts kwok, its nodes, `simulated-1` and up, and the stand-in that answers for session pods on them. Beside a real node they carry the taint `kwok.x-k8s.io/node=fake`, so that
 * only pods that tolerate it land on them; without a real one they take every pod.
 */
export async function startSimulatedNodes(input: {
  readonly plan: EnvironmentPlan;
  readonly servers: ServerGroup;
  readonly access: KubernetesAccess;
  readonly besideRealNode: boolean;
}): Promise<void> {
  const { plan } = input;
  const command = requireTool(plan.tools, 'kwok');
  const config = join(plan.folder, 'kwok.yaml');
  await writeFile(config, await readStages(await findKwokStages(command, process.env)));
  await input.servers.start(kwokServer({ command, config, plan }));
  for (let number = 1; number <= plan.options.simulatedNodes; number++) {
    await input.access.create('/api/v1/nodes', simulatedNode(`simulated-${number}`, input.besideRealNode));
  }
  await input.servers.start(standInServer(plan));
}

function kwokServer(input: {
  readonly command: string;
  readonly config: string;
  readonly plan: EnvironmentPlan;
}): ServerSpec {
  const address = `127.0.0.1:${input.plan.ports.kwok}`;
  return {
    name: 'kwok',
    command: input.command,
    args: [
      `--kubeconfig=${environmentPaths(input.plan.folder).kubeconfig}`,
      `--config=${input.config}`,
      '--manage-all-nodes=false',
      `--manage-nodes-with-annotation-selector=${annotation}=fake`,
      `--cidr=${simulatedPodCidr}`,
      '--node-ip=127.0.0.1',
      `--node-port=${input.plan.ports.kwok}`,
      `--server-address=${address}`,
    ],
    isReady: () => answersOk({ url: `http://${address}/healthz` }),
    readyTimeoutSeconds: 30,
  };
}

function simulatedNode(name: string, tainted: boolean): unknown {
  const resources = { cpu: '1000', memory: '1000Gi', pods: '5000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [annotation]: 'fake' },
      labels: { type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    spec: tainted ? { taints: [{ effect: 'NoSchedule', key: annotation, value: 'fake' }] } : {},
    status: { allocatable: resources, capacity: resources },
  };
}
