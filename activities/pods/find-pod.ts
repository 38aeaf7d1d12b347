import type { PodIdentity } from '../../domain/names.ts';
import { failure } from '../failure.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

/** The UID of the pod that has this name now; undefined when there is none. Throws when the API server can't say. */
export type GetPod = (namespace: string, name: string) => Promise<{ readonly uid: string } | undefined>;

/** Asks the API server whether this very pod (by UID) still exists: `gone` also when the name belongs to another one. */
export function createFindPod({ cluster, getPod }: { readonly cluster: string; readonly getPod: GetPod }) {
  return async function findPod(pod: PodIdentity & { readonly cluster: string }): Promise<'present' | 'gone'> {
    refuseForeignCluster({ asked: pod.cluster, served: cluster });
    try {
      const found = await getPod(pod.namespace, pod.name);
      return found?.uid === pod.uid ? 'present' : 'gone';
    } catch (error) {
      throw failure('kubernetes_unavailable', error);
    }
  };
}
