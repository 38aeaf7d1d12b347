import { setTimeout as sleep } from 'node:timers/promises';
import { sessionLabels } from '../../domain/sessions/identity/session-names.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import { watchCollection } from '../kubernetes/watch.ts';
import type { PodObject } from './pod-object.ts';
import type { PodsByAddress } from './pods-by-address.ts';

const againMs = 500;

/**
 * Keeps the table as the API server says, for ever; lists again whenever the watch ends or breaks, and goes on with what it knows
 * while the API server is away. `onListed` is called after each list.
 */
export async function followPods(input: {
  readonly api: KubernetesApi;
  readonly pods: Pick<PodsByAddress, 'put' | 'remove' | 'keepOnly'>;
  readonly signal: AbortSignal;
  readonly onListed: () => void;
  readonly onError: (error: Error) => void;
}): Promise<void> {
  const { api, pods, signal } = input;
  while (!signal.aborted) {
    const listed = new Set<string>();
    try {
      await watchCollection({
        api,
        path: '/api/v1/pods',
        // Every session pod has it, also one that waits for its session.
        query: { labelSelector: sessionLabels.class },
        signal,
        onChange: ({ type, object }) => {
          const pod = object as unknown as PodObject;
          listed.add(pod.metadata.uid);
          if (type === 'DELETED') pods.remove(pod.metadata.uid);
          else pods.put(pod);
        },
        onListed: () => {
          pods.keepOnly(listed);
          input.onListed();
        },
      });
    } catch (error) {
      input.onError(error as Error);
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
