import { createKubernetesApi } from '../../dev/kubernetes/api.ts';
import { watchCollection } from '../../dev/kubernetes/watch.ts';
import { sessionLabels } from '../../domain/sessions/identity/session-names.ts';

export interface DeletionWatch {
  /** When the first sign of the pod's deletion came, in milliseconds since 1970. */
  readonly deletedMs: (podUid: string) => number | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Watches session pods, apart from the product's own watch. The moment of arrival counts, because the API server cuts its own
 * times to the second.
 */
export async function watchDeletions(kubeconfig: string, namespace: string): Promise<DeletionWatch> {
  const api = await createKubernetesApi(kubeconfig);
  const seen = new Map<string, number>();
  const stopping = new AbortController();
  const listed = Promise.withResolvers<undefined>();
  const watching = watchCollection({
    api,
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { labelSelector: sessionLabels.session },
    signal: stopping.signal,
    onListed: () => listed.resolve(undefined),
    onChange: ({ type, object: { metadata } }) => {
      const isDeleted = type === 'DELETED' || metadata['deletionTimestamp'] !== undefined;
      if (isDeleted && !seen.has(metadata.uid)) seen.set(metadata.uid, Date.now());
    },
  });
  // Before it is listed a failure is thrown here; after that, by close.
  watching.catch((error: unknown) => listed.reject(error));
  await listed.promise;
  return {
    deletedMs: (podUid) => seen.get(podUid),
    close: async () => {
      stopping.abort();
      await watching.finally(() => api.close());
    },
  };
}
