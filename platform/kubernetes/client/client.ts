import type { V1Node, V1Pod, V1ResourceAttributes, V1SelfSubjectAccessReview } from '@kubernetes/client-node';
import type { AsSent } from './as-sent.ts';
import { callApi, orNull } from './call-api.ts';
import type { ApiDependencies } from './send.ts';

export interface KubernetesClient {
  /** The pod of that name now, whatever its UID; `null` when there is none. */
  getPod(input: { namespace: string; name: string; signal?: AbortSignal }): Promise<AsSent<V1Pod> | null>;
  /** `null` when there is no such node. */
  getNode(input: { name: string; signal?: AbortSignal }): Promise<AsSent<V1Node> | null>;
  /** Asks the API server whether we may do this (SelfSubjectAccessReview). */
  canI(input: { attributes: AsSent<V1ResourceAttributes>; signal?: AbortSignal }): Promise<AccessAnswer>;
}

interface AccessAnswer {
  readonly allowed: boolean;
  /** Why, when the server's authorizer says so; else empty. */
  readonly reason: string;
}

/**
 * The few short reads Podkeeper makes, typed. Every method throws KubernetesError, or the signal's reason once it is
 * aborted.
 */
export function createKubernetesClient(dependencies: ApiDependencies): KubernetesClient {
  return {
    getPod: ({ namespace, name, signal }) =>
      orNull(
        callApi<V1Pod>(dependencies, {
          verb: 'get',
          resource: 'pods',
          path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`,
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    getNode: ({ name, signal }) =>
      orNull(
        callApi<V1Node>(dependencies, {
          verb: 'get',
          resource: 'nodes',
          path: `/api/v1/nodes/${encodeURIComponent(name)}`,
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    async canI({ attributes, signal }) {
      const review = await callApi<V1SelfSubjectAccessReview>(dependencies, {
        verb: 'create',
        resource: 'selfsubjectaccessreviews',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: attributes },
        },
        ...(signal === undefined ? {} : { signal }),
      });
      return { allowed: review.status?.allowed === true, reason: review.status?.reason ?? '' };
    },
  };
}
