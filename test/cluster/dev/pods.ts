import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Container, V1ContainerStatus, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { AsSent } from '../../../platform/kubernetes/client/as-sent.ts';

/** Typed calls to the environment a kubeconfig leads to. */
export function coreApi(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

/** A pod of one busybox container in the namespace default. */
export function busyboxPod(input: {
  readonly name: string;
  readonly script: string;
  readonly container?: Partial<AsSent<V1Container>>;
  readonly spec?: Partial<AsSent<V1PodSpec>>;
  readonly annotations?: Record<string, string>;
}): AsSent<V1Pod> {
  const container: AsSent<V1Container> = {
    name: 'main',
    image: 'local.test/busybox:1',
    imagePullPolicy: 'Never',
    command: ['sh', '-c', input.script],
    ...input.container,
  };
  return {
    metadata: { name: input.name, ...(input.annotations && { annotations: input.annotations }) },
    spec: { restartPolicy: 'Never', containers: [container], ...input.spec },
  };
}

/** Creates a pod and waits until `condition` is true of it; returns it as it is then. Throws after `seconds`. */
export async function runPod(input: {
  readonly api: CoreV1Api;
  readonly pod: AsSent<V1Pod>;
  readonly condition: (status: V1ContainerStatus, pod: V1Pod) => boolean;
  readonly seconds?: number;
}): Promise<V1Pod> {
  const { api, pod } = input;
  const name = pod.metadata?.name ?? '';
  await api.createNamespacedPod({ namespace: 'default', body: pod as unknown as V1Pod });
  const deadline = Date.now() + (input.seconds ?? 40) * 1000;
  for (;;) {
    const seen = await api.readNamespacedPod({ namespace: 'default', name });
    const status = seen.status?.containerStatuses?.[0];
    if (status !== undefined && input.condition(status, seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Pod ${name} stayed at ${JSON.stringify(seen.status)}.`);
    await sleep(100);
  }
}
