import type { KubernetesApi } from '../../../../dev/kubernetes/api.ts';
import { watchCollection } from '../../../../dev/kubernetes/watch.ts';
import { sessionAnnotations, sessionLabels } from '../../../../domain/sessions/identity/session-names.ts';
import type { PodChange } from './tables.ts';

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

export interface PodWatch {
  readonly changes: () => readonly PodChange[];
  /** Throws when the watch broke meanwhile: then there would be a hole in what it has seen. */
  readonly close: () => Promise<void>;
}

/**
 * Watches the session pods of namespaces from now on, apart from the product's reflector. A watch that breaks is not taken up
 * again: tests that kill the API server ask for a new one.
 */
export async function watchSessionPods(
  api: KubernetesApi,
  namespaces: readonly string[],
  onChange: (change: PodChange) => void = () => undefined,
): Promise<PodWatch> {
  const changes: PodChange[] = [];
  const stopping = new AbortController();
  const watches: Promise<void>[] = [];
  const listed = namespaces.map(
    (namespace) =>
      new Promise<void>((resolve, reject) => {
        const watching = watchCollection({
          api,
          path: `/api/v1/namespaces/${namespace}/pods`,
          query: { labelSelector: sessionLabels.session },
          signal: stopping.signal,
          onListed: resolve,
          onChange: ({ type, object }) => {
            const change = readChange(type, object);
            changes.push(change);
            onChange(change);
          },
        });
        watching.catch(reject);
        watches.push(watching);
      }),
  );
  await Promise.all(listed);
  return {
    changes: () => [...changes],
    close: async () => {
      stopping.abort();
      await Promise.all(watches);
    },
  };
}

function readChange(type: string, { metadata, status }: RawPod): PodChange {
  const { labels = {}, annotations = {}, deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  const ready = annotations[sessionAnnotations.ready];
  return {
    seenMs: Date.now(),
    type: type as PodChange['type'],
    uid: metadata.uid,
    name: metadata.name,
    sessionKey: labels[sessionLabels.session] ?? '',
    incarnation: Number(labels[sessionLabels.incarnation]),
    tenantHash: labels[sessionLabels.tenant] ?? '',
    sessionId: annotations[sessionAnnotations.sessionId] ?? '',
    phase: status?.phase ?? '',
    address: status?.podIP ?? '',
    ready: ready === undefined ? null : Number(ready),
    deletedMs:
      deletionTimestamp === undefined ? null : Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000,
  };
}
