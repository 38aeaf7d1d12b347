import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal, type KubernetesApi } from './api.ts';
import { type Manifest, objectPath } from './manifest.ts';

const accountTimeoutSeconds = 20;

/** Creates an object, or brings one that is there to what the manifest says (server-side apply). */
export async function apply(api: KubernetesApi, namespace: string, manifest: Manifest): Promise<void> {
  await api.call({
    method: 'PATCH',
    path: objectPath(namespace, manifest),
    query: { fieldManager: 'podkeeper-dev', force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: manifest,
  });
}

/** Makes a namespace and waits for its default service account: pods are refused before it exists. */
export async function makeNamespace(api: KubernetesApi, name: string): Promise<void> {
  await apply(api, name, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const deadline = Date.now() + accountTimeoutSeconds * 1000;
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  while (!(await exists(api, objectPath(name, account)))) {
    if (Date.now() > deadline) {
      throw new Error(
        `Namespace ${name} has no default service account after ${accountTimeoutSeconds} s: is the controller manager running?`,
      );
    }
    await sleep(50);
  }
}

async function exists(api: KubernetesApi, path: string): Promise<boolean> {
  try {
    await api.call({ path });
    return true;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return false;
    throw error;
  }
}
