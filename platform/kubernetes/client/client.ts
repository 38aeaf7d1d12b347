import type { V1Node, V1Pod, V1ResourceAttributes, V1SelfSubjectAccessReview } from '@kubernetes/client-node';
import { KubernetesError } from '../kubernetes-error.ts';
import type { AsSent } from './as-sent.ts';
import { readJson } from './read-json.ts';
import { sendPatiently } from './send-patiently.ts';
import { type ApiDependencies, type ApiRequest, transportError } from './send.ts';

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

type Call = Pick<ApiRequest, 'verb' | 'resource' | 'path' | 'body' | 'signal'>;

const answerBytesLimit = 16 * 1024 * 1024;
const timeoutMs = 30_000;

/**
 * The few short calls Podkeeper makes, typed. Each is sent again on 429 and 503 as long as {@link sendPatiently} says.
 * Every method throws KubernetesError, or the signal's reason once it is aborted.
 */
export function createKubernetesClient(dependencies: ApiDependencies): KubernetesClient {
  async function call<T>(request: Call): Promise<AsSent<T>> {
    const body = await sendPatiently(dependencies, {
      ...request,
      agent: 'unary',
      headersTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
    });
    try {
      return (await readJson(body, answerBytesLimit)) as AsSent<T>;
    } catch (error) {
      request.signal?.throwIfAborted();
      const failure = transportError(request, error);
      dependencies.metrics.apiErrors.inc({ code: failure.code });
      throw failure;
    }
  }

  return {
    getPod: ({ namespace, name, signal }) =>
      orNull(
        call<V1Pod>({
          verb: 'get',
          resource: 'pods',
          path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`,
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    getNode: ({ name, signal }) =>
      orNull(
        call<V1Node>({
          verb: 'get',
          resource: 'nodes',
          path: `/api/v1/nodes/${encodeURIComponent(name)}`,
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    async canI({ attributes, signal }) {
      const review = await call<V1SelfSubjectAccessReview>({
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

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    // The object's own 404; one of a missing API group carries no `NotFound` about the object but the same status, and
    // pods and nodes are served by every API server.
    if (error instanceof KubernetesError && error.status === 404) return null;
    throw error;
  }
}
