import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../shared/report.ts';
import { withProgress } from '../../shared/report.ts';
import { requireTool } from '../../tools/tool.ts';
import { environmentPaths } from '../folders.ts';
import type { EnvironmentPlan } from '../plan.ts';
import { cgroupName, hostLinkName } from '../plan.ts';
import type { ServerGroup } from '../processes/server-group.ts';
import type { KubernetesAccess } from '../servers/kubernetes-access.ts';
import { createCgroup } from './cgroups.ts';
import { writeCniConfig } from './cni.ts';
import { containerdServer, importImages } from './containerd.ts';
import { buildImages } from './image/images.ts';
import { packSessionImage, sessionImage } from './image/session-image.ts';
import { kubeletServer } from './kubelet.ts';
import { connectNode, namespaceHolder } from './network.ts';
import { writeMountScript } from './private-mounts.ts';
import type { NodeSubnets } from './subnets.ts';

const holderName = 'node-namespaces';

/** Makes the node's namespaces and the cable to them. First of all: the API server listens on the host's end. */
export async function startNodeNetwork(plan: EnvironmentPlan, servers: ServerGroup): Promise<NodeSubnets> {
  const { node: nodeFolder } = environmentPaths(plan.folder);
  await mkdir(nodeFolder, { recursive: true });
  const mountScript = await writeMountScript({
    nodeFolder,
    neededPaths: [plan.folder, requireTool(plan.tools, 'kubelet')],
  });
  await servers.start(namespaceHolder({ nodeFolder, mountScript }));
  return connectNode({ holderPid: servers.pidOf(holderName), hostLink: hostLinkName(plan.id), nodeFolder });
}

/** Starts containerd with the local images, then the kubelet; returns when the node is Ready. */
export async function startRealNode(input: {
  readonly plan: EnvironmentPlan;
  readonly servers: ServerGroup;
  readonly access: KubernetesAccess;
  readonly subnets: NodeSubnets;
  readonly cniPlugins: string;
  readonly busybox: string;
  readonly kubeconfig: string;
  readonly imageCache: string;
  readonly report: Report;
}): Promise<void> {
  const { plan, servers, subnets } = input;
  const { node: nodeFolder, pki: pkiFolder } = environmentPaths(plan.folder);
  const holderPid = servers.pidOf(holderName);
  const cniConfig = await writeCniConfig(nodeFolder, subnets.podCidr);
  await createCgroup(cgroupName(plan.id));
  const [archives] = await Promise.all([
    buildImages({ folder: join(nodeFolder, 'images'), busybox: input.busybox }),
    containerdServer({ nodeFolder, holderPid, cniPlugins: input.cniPlugins, cniConfig }).then(servers.start),
  ]);
  await withProgress({
    what: 'images of the real node',
    report: input.report,
    work: () => importImages(holderPid, archives),
  });
  const kubelet = kubeletServer({
    command: requireTool(plan.tools, 'kubelet'),
    nodeFolder,
    pkiFolder,
    kubeconfig: input.kubeconfig,
    holderPid,
    nodeAddress: subnets.nodeAddress,
    cgroupRoot: cgroupName(plan.id),
    crashLoopBackOff: plan.options.crashLoopBackOff,
    access: input.access,
  });
  // The image of session pods is the one that takes a while, and nothing else waits for it.
  await Promise.all([kubelet.then(servers.start), importSessionImage(holderPid, input)]);
}

/** A node without this image is as good for all but sessions, so it is only said that it is missing. */
async function importSessionImage(
  holderPid: number,
  input: { readonly imageCache: string; readonly report: Report },
): Promise<void> {
  try {
    await withProgress({
      what: 'image of session pods',
      report: input.report,
      work: async () => importImages(holderPid, [await packSessionImage(input.imageCache)]),
    });
  } catch (error) {
    input.report(`The real node is without ${sessionImage}: ${(error as Error).message}`);
  }
}
