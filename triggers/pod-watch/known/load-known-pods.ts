import type { KnownPod, KnownPodsStore } from '../../../platform/redis/known-pods.ts';
import { listRunningPods, type RunningPodsQuery } from './list-running-pods.ts';

export interface LoadedPods {
  /** By uid. */
  readonly pods: Map<string, KnownPod>;
  /** False when Redis had no (complete) list, so that the running runs are all there is to go by. */
  readonly fromRedis: boolean;
}

/** The pods a watch knew when it last ran: from Redis, or from the running pod runs where Redis has lost them. */
export async function loadKnownPods(
  options: RunningPodsQuery & {
    readonly store: Pick<KnownPodsStore, 'load'>;
    /** With a label selector the open runs may be another watch's: they are then left to `findOrphans`. */
    readonly labelSelector: string | undefined;
  },
): Promise<LoadedPods> {
  const loaded = await options.store.load();
  if (loaded.ok && loaded.value.complete) return { pods: new Map(loaded.value.pods), fromRedis: true };
  // What an incomplete list has is still true; only what it lacks proves nothing.
  const pods = new Map<string, KnownPod>(loaded.ok ? loaded.value.pods : []);
  if (options.labelSelector !== undefined) return { pods, fromRedis: false };
  for await (const { uid, namespace, name } of listRunningPods(options)) {
    if (!pods.has(uid)) pods.set(uid, { namespace, name, version: '', hasRun: true });
  }
  return { pods, fromRedis: false };
}
