import type { ObjectReference } from '../../kubernetes/manifest.ts';

export function podNamed(name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
}
