import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal, type KubernetesApi } from '../../kubernetes/api.ts';
import { makeNamespace } from '../../kubernetes/apply.ts';
import { watchCollection } from '../../kubernetes/watch.ts';
import { perform } from '../../scenarios/perform.ts';
import type { SeenPod } from '../../scenarios/scenario.ts';
import { createSeenPods } from '../../scenarios/seen-pods.ts';
import type { Act } from './acts.ts';

const clearTimeoutSeconds = 60;

/** Where the acts are played, and the demo's own eyes on it. */
export interface DemoStage {
  /** The pods there are and were, as a watch of the demo's own shows them. */
  readonly pods: () => readonly SeenPod[];
  /** Rejects when that watch breaks; never resolves before `signal` is aborted. */
  readonly watching: Promise<void>;
  /** Plays all acts at once; resolves when each has shown what it shows. */
  readonly play: (acts: readonly Act[]) => Promise<void>;
}

/** Makes the namespace, empty: what an earlier demo left in it is removed first. */
export async function openStage(input: {
  readonly api: KubernetesApi;
  readonly namespace: string;
  readonly signal: AbortSignal;
}): Promise<DemoStage> {
  const { api, namespace, signal } = input;
  await removeNamespace(api, namespace, signal);
  await makeNamespace(api, namespace);
  const seen = createSeenPods();
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const listed = Promise.withResolvers<undefined>();
  const watching = watchCollection({
    api,
    path,
    signal,
    onChange: (change) => seen.take(change),
    onListed: () => listed.resolve(undefined),
  });
  await Promise.race([listed.promise, watching]);
  return {
    pods: seen.list,
    watching,
    play: async (acts) => {
      const stage = { api, namespace, signal, pods: seen.list };
      await Promise.all(acts.map(({ scenario }) => perform(scenario, stage)));
    },
  };
}

async function removeNamespace(api: KubernetesApi, name: string, signal: AbortSignal): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  const deadline = Date.now() + clearTimeoutSeconds * 1000;
  for (let method: 'DELETE' | 'GET' = 'DELETE'; Date.now() < deadline; method = 'GET') {
    try {
      await api.call({ method, path });
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return;
      throw error;
    }
    await sleep(200, undefined, { signal });
  }
  throw new Error(`The namespace ${name} of an earlier demo does not go away; "podkeeper dev down --name demo" does.`);
}
