import type { PodSnapshot } from '../../domain/pods/snapshot/pod-snapshot.ts';

/** `namespace/name`; a Pod in a file may have no namespace. */
export function podName({ namespace, name }: Pick<PodSnapshot, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
