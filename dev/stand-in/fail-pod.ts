import type { KubernetesApi } from '../kubernetes/api.ts';
import type { PodObject } from './pod-object.ts';

/** Says of a pod what a kubelet would when its container ended: the pod has failed with this exit code. */
export async function failPod(api: KubernetesApi, pod: PodObject, exitCode: number): Promise<void> {
  const { name, namespace } = pod.metadata;
  const container = pod.spec.containers[0]?.name ?? '';
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt: new Date().toISOString() };
  const notReady = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False', reason: 'PodFailed' }));
  await api.call({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
    contentType: 'application/strategic-merge-patch+json',
    body: {
      status: {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        conditions: notReady,
        containerStatuses: [{ name: container, ready: false, state: { running: null, terminated } }],
      },
    },
  });
}
