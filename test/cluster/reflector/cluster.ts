import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createKubernetesAccess, type KubernetesAccess } from '../../../dev/environment/servers/kubernetes-access.ts';
import { type TestEnvironment, withEnvironment } from '../../helpers/environment.ts';
import { type EtcdWitness, witnessPods } from '../../helpers/etcd-witness.ts';
import { type CuttingProxy, startCuttingProxy } from '../../helpers/kubernetes/cutting-proxy.ts';
import { deriveKubeconfig, serverOf } from '../../helpers/kubernetes/derive-kubeconfig.ts';

/** A real API server of the test's own, reached by the reflector through a proxy, by everybody else directly. */
export interface ReflectorCluster {
  readonly environment: TestEnvironment;
  readonly proxy: CuttingProxy;
  /** Leads through the proxy. */
  readonly proxiedKubeconfig: string;
  readonly access: KubernetesAccess;
  readonly witness: EtcdWitness;
}

/** All pods of these tests; nobody else's are looked at. */
export const namespace = 'watched';

export async function withReflectorCluster(use: (cluster: ReflectorCluster) => Promise<void>): Promise<void> {
  const options = {
    kubernetes: 'control-plane',
    temporal: false,
    redis: false,
    // Pods as JSON in etcd, for the witness; the whole history stays there.
    apiServerFlags: ['--storage-media-type=application/json', '--etcd-compaction-interval=0'],
  } as const;
  await withEnvironment(options, async (environment) => {
    const folder = await mkdtemp(join(tmpdir(), 'podkeeper-reflector-'));
    const proxy = await startCuttingProxy(await serverOf(environment.kubeconfig()));
    const proxiedKubeconfig = join(folder, 'kubeconfig');
    const { origin } = await deriveKubeconfig({
      from: environment.kubeconfig(),
      to: proxiedKubeconfig,
      server: `https://127.0.0.1:${proxy.port}`,
    });
    const access = await createKubernetesAccess(join(dirname(environment.statePath), 'pki'), origin);
    await access.create('/api/v1/namespaces', { metadata: { name: namespace } });
    // Its watch answers only once there is something to tell.
    await access.create('/api/v1/namespaces/default/pods', podBody('first'));
    const witness = await witnessPods(environment.statePath);
    try {
      await use({ environment, proxy, proxiedKubeconfig, access, witness });
    } finally {
      witness.close();
      proxy.close();
      await rm(folder, { recursive: true });
    }
  });
}

export function podBody(name: string): object {
  return {
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      // Never scheduled, so that a delete is done at once and the scheduler writes its refusal, as in a full cluster.
      nodeSelector: { 'podkeeper.dev/none': 'true' },
      containers: [{ name: 'app', image: 'none' }],
    },
  };
}
