import type { V1Pod } from '@kubernetes/client-node';
import { KubernetesError } from '../kubernetes-error.ts';
import type { AsSent } from './as-sent.ts';
import { callApi, orNull } from './call-api.ts';
import { listPage } from './list-page.ts';
import type { ApiDependencies } from './send.ts';

export type SentPod = AsSent<V1Pod>;

/** Names one pod; with a uid, that very one. */
export interface PodTarget {
  readonly namespace: string;
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/** What may be changed of a pod that is there; null removes an entry. */
export interface PodMetadataPatch {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
}

export interface PodsClient {
  /** `exists` (409): there is a pod of that name already, maybe from an earlier try; read it to see whose it is. */
  create(input: PodTarget & { readonly pod: object }): Promise<{ readonly created: SentPod } | 'exists'>;
  /** Uncached; null when there is none of that name. */
  get(target: PodTarget): Promise<SentPod | null>;
  /** Uncached: all pods with these labels, page by page. */
  list(input: {
    readonly namespace: string;
    readonly labelSelector: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly unknown[]>;
  /**
   * Deletes that very pod. `gone`: it was not there any more, or another one has its name now; both are what was wanted.
   * `graceSeconds` left out takes the pod's own.
   */
  delete(input: PodTarget & { readonly uid: string; readonly graceSeconds?: number }): Promise<'deleting' | 'gone'>;
  /** Changes metadata of that very pod. `gone`: as for delete. `conflict`: it has
   * changed (since `version`, where given); read it again. */
  patchMetadata(
    input: PodTarget & { readonly uid: string; readonly version?: string; readonly metadata: PodMetadataPatch },
  ): Promise<SentPod | 'gone' | 'conflict'>;
}

const pageSize = 500;

/** Writes to pods, every status decided on purpose. Everything else is thrown as KubernetesError. */
export function createPodsClient(dependencies: ApiDependencies): PodsClient {
  const resource = 'pods';
  return {
    async create({ namespace, pod, signal }) {
      const path = podsPath(namespace);
      try {
        return { created: await callApi<V1Pod>(dependencies, { verb: 'create', resource, path, body: pod, signal }) };
      } catch (error) {
        if (hasStatus(error, 409)) return 'exists';
        throw error;
      }
    },
    get: ({ namespace, name, signal }) =>
      orNull(callApi<V1Pod>(dependencies, { verb: 'get', resource, path: podPath(namespace, name), signal })),
    async list({ namespace, labelSelector, signal }) {
      const items: unknown[] = [];
      let continueToken: string | undefined;
      do {
        const page = { path: podsPath(namespace), resource, limit: pageSize, continueToken, labelSelector, signal };
        const answer = await listPage(dependencies, page);
        items.push(...answer.items);
        ({ continueToken } = answer);
      } while (continueToken !== undefined);
      return items;
    },
    async delete({ namespace, name, uid, graceSeconds, signal }) {
      const options = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid },
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      };
      const path = podPath(namespace, name);
      try {
        await callApi(dependencies, { verb: 'delete', resource, path, method: 'DELETE', body: options, signal });
        return 'deleting';
      } catch (error) {
        // 409: the precondition does not hold, another pod has the name.
        if (hasStatus(error, 404) || hasStatus(error, 409)) return 'gone';
        throw error;
      }
    },
    async patchMetadata({ namespace, name, uid, version, metadata, signal }) {
      const fixed = { uid, ...(version === undefined ? {} : { resourceVersion: version }) };
      try {
        return await callApi<V1Pod>(dependencies, {
          verb: 'patch',
          resource,
          path: podPath(namespace, name),
          method: 'PATCH',
          contentType: 'application/merge-patch+json',
          // A uid can't be changed, so another pod of this name refuses the patch.
          body: { metadata: { ...metadata, ...fixed } },
          signal,
        });
      } catch (error) {
        if (hasStatus(error, 404) || isOtherUid(error)) return 'gone';
        if (hasStatus(error, 409)) return 'conflict';
        throw error;
      }
    },
  };
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesError && error.status === status;
}

/** How the API server refuses a patch that names another uid than the pod's. */
function isOtherUid(error: unknown): boolean {
  return hasStatus(error, 422) && (error as KubernetesError).message.includes('metadata.uid: ');
}

function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

function podPath(namespace: string, name: string): string {
  return `${podsPath(namespace)}/${encodeURIComponent(name)}`;
}
