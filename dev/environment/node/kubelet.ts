import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { EnvironmentOptions } from '../options.ts';
import type { ServerSpec } from '../processes/server-spec.ts';
import type { KubernetesAccess } from '../servers/kubernetes-access.ts';
import { containerdSocket } from './containerd.ts';
import { enterNode } from './network.ts';

/** The name of the real node. */
export const realNodeName = 'real-1';

/** The kubelet inside the node's namespaces. Its fixed ports are free by definition: the network is its own. */
export async function kubeletServer(input: {
  readonly command: string;
  readonly nodeFolder: string;
  readonly pkiFolder: string;
  readonly kubeconfig: string;
  readonly holderPid: number;
  readonly nodeAddress: string;
  readonly cgroupRoot: string;
  readonly crashLoopBackOff: EnvironmentOptions['crashLoopBackOff'];
  readonly access: KubernetesAccess;
}): Promise<ServerSpec> {
  const config = join(input.nodeFolder, 'kubelet.yaml');
  await writeFile(config, stringify(kubeletConfig(input)));
  return {
    name: 'kubelet',
    command: 'nsenter',
    args: [
      ...enterNode(input.holderPid),
      input.command,
      `--config=${config}`,
      `--kubeconfig=${input.kubeconfig}`,
      `--hostname-override=${realNodeName}`,
      `--node-ip=${input.nodeAddress}`,
      `--root-dir=${join(input.nodeFolder, 'kubelet')}`,
      `--cert-dir=${input.pkiFolder}`,
    ],
    env: { TMPDIR: join(input.nodeFolder, 'tmp') },
    isReady: async () => isNodeReady(await input.access.call({ path: `/api/v1/nodes/${realNodeName}` })),
    readyTimeoutSeconds: 60,
  };
}

function isNodeReady(answer: { readonly status: number; readonly body: string }): boolean {
  if (answer.status !== 200) return false;
  const node = JSON.parse(answer.body) as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function kubeletConfig(input: {
  readonly nodeFolder: string;
  readonly pkiFolder: string;
  readonly nodeAddress: string;
  readonly cgroupRoot: string;
  readonly crashLoopBackOff: EnvironmentOptions['crashLoopBackOff'];
}): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    address: input.nodeAddress,
    cgroupRoot: `/${input.cgroupRoot}`,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ['pods'],
    // More needs CAP_SYS_RESOURCE, which not every machine gives.
    maxOpenFiles: 20000,
    oomScoreAdj: 0,
    maxPods: 250,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    evictionHard: { 'memory.available': '200Mi', 'nodefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    volumePluginDir: join(input.nodeFolder, 'volume-plugins'),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(input.pkiFolder, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: join(input.pkiFolder, 'node.crt'),
    tlsPrivateKeyFile: join(input.pkiFolder, 'node.key'),
    resolvConf: '',
    // Nothing answers there; without an address every pod gets a MissingClusterDNS warning that no real cluster shows.
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    registerNode: true,
    ...(input.crashLoopBackOff === 'quick' && {
      featureGates: { KubeletCrashLoopBackOffMax: true },
      crashLoopBackOff: { maxContainerRestartPeriod: '2s' },
    }),
  };
}
