import type { KubernetesClient } from '../../../platform/kubernetes/client/client.ts';

/** Asks which of the permissions a watch needs are missing, as `verb resource in namespace`; throws when nobody answers. */
export async function missingWatchPermissions(
  client: Pick<KubernetesClient, 'canI'>,
  sources: readonly string[],
): Promise<string[]> {
  const missing: string[] = [];
  for (const namespace of sources) {
    for (const verb of ['list', 'watch', 'get']) {
      const attributes = { verb, resource: 'pods', ...(namespace === '' ? {} : { namespace }) };
      const { allowed } = await client.canI({ attributes });
      if (!allowed) missing.push(describePermission(verb, namespace));
    }
  }
  return missing;
}

/** `list pods in every namespace`, as an administrator would grant it. */
export function describePermission(verb: string, namespace: string): string {
  return `${verb} pods in ${namespace === '' ? 'every namespace' : `namespace ${namespace}`}`;
}
