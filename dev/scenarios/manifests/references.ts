import type { ObjectReference } from '../../kubernetes/manifest.ts';

export function podNamed(name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
}

export function deploymentNamed(name: string): ObjectReference {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } };
}
