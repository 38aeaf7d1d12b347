import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../tools/tool.ts';
import { environmentPaths } from '../folders.ts';
import type { NodeSubnets } from '../node/subnets.ts';
import { realNodeName } from '../node/kubelet.ts';
import type { EnvironmentPlan } from '../plan.ts';
import type { ServerGroup } from '../processes/server-group.ts';
import { apiServer } from '../servers/api-server.ts';
import { createCertificates } from '../servers/certificates.ts';
import { controllerManager } from '../servers/controller-manager.ts';
import { etcdServer } from '../servers/etcd.ts';
import { writeKubeconfig } from '../servers/kubeconfig.ts';
import type { KubernetesAccess } from '../servers/kubernetes-access.ts';
import { createKubernetesAccess } from '../servers/kubernetes-access.ts';
import { scheduler } from '../servers/scheduler.ts';

/** A running control plane. */
export interface ControlPlane {
  readonly access: KubernetesAccess;
  /** The kubeconfig for a node's kubelet. */
  readonly nodeKubeconfig: string;
}

/** Starts etcd, API server, controller manager and scheduler, and writes their kubeconfigs. */
export async function startControlPlane(input: {
  readonly plan: EnvironmentPlan;
  readonly servers: ServerGroup;
  /** The real node's addresses, or null: then the API server listens on loopback. */
  readonly subnets: NodeSubnets | null;
  readonly release: () => Promise<void>;
}): Promise<ControlPlane> {
  const { plan, servers, subnets } = input;
  const { pki: pkiFolder, kubeconfig } = environmentPaths(plan.folder);
  const address = subnets?.hostAddress ?? '127.0.0.1';
  const url = `https://${address}:${plan.ports.apiServer}`;
  await createCertificates(pkiFolder, certificateRequests(subnets));
  const kubeconfigOf = async (certificate: string, path = join(pkiFolder, `${certificate}.kubeconfig`)) => {
    await writeKubeconfig({ path, pkiFolder, certificate, server: url, clusterName: `podkeeper-${plan.name}` });
    return path;
  };
  await mkdir(plan.folder, { recursive: true });
  await kubeconfigOf('admin', kubeconfig);
  const access = await createKubernetesAccess(pkiFolder, url);
  await input.release();
  await servers.start(
    etcdServer({
      command: requireTool(plan.tools, 'etcd'),
      folder: plan.folder,
      clientPort: plan.ports.etcdClient,
      peerPort: plan.ports.etcdPeer,
    }),
  );
  await servers.start(
    apiServer({
      command: requireTool(plan.tools, 'kube-apiserver'),
      pkiFolder,
      address,
      port: plan.ports.apiServer,
      etcdPort: plan.ports.etcdClient,
      access,
      moreFlags: plan.options.apiServerFlags,
    }),
  );
  const [managerKubeconfig, schedulerKubeconfig, nodeKubeconfig] = await Promise.all(
    ['controller-manager', 'scheduler', 'node'].map((name) => kubeconfigOf(name)),
  );
  await Promise.all([
    servers.start(
      controllerManager({
        command: requireTool(plan.tools, 'kube-controller-manager'),
        pkiFolder,
        kubeconfig: managerKubeconfig ?? '',
        port: plan.ports.controllerManager,
        access,
      }),
    ),
    servers.start(
      scheduler({
        command: requireTool(plan.tools, 'kube-scheduler'),
        kubeconfig: schedulerKubeconfig ?? '',
        port: plan.ports.scheduler,
      }),
    ),
  ]);
  return { access, nodeKubeconfig: nodeKubeconfig ?? '' };
}

function certificateRequests(subnets: NodeSubnets | null) {
  const names = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  const addresses = ['127.0.0.1', '10.96.0.1', ...(subnets === null ? [] : [subnets.hostAddress])];
  const served = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
  const client = (name: string, subject: string) => ({ name, subject, alternativeNames: [] });
  return [
    { name: 'apiserver', subject: '/CN=kube-apiserver', alternativeNames: served },
    client('admin', '/O=system:masters/CN=admin'),
    client('controller-manager', '/CN=system:kube-controller-manager'),
    client('scheduler', '/CN=system:kube-scheduler'),
    client('kubelet-client', '/O=system:masters/CN=kube-apiserver-kubelet-client'),
    {
      name: 'node',
      subject: `/O=system:nodes/CN=system:node:${realNodeName}`,
      alternativeNames: [`DNS:${realNodeName}`, ...(subnets === null ? [] : [`IP:${subnets.nodeAddress}`])],
    },
  ];
}
