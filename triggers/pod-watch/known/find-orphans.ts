import { setTimeout as sleep } from 'node:timers/promises';
import type { PodIdentity } from '../../../domain/names.ts';
import { listRunningPods } from './list-running-pods.ts';
import { retryUntil } from '../dispatch/retry-until.ts';
import { stillExists } from './still-exists.ts';
import type { OpenWatchOptions } from '../watch-dependencies.ts';

/** Visibility shows a run this long after its start at the latest; one started by a holder that died is older anyway. */
const visibilityLagMs = 5000;

/**
 * Open runs of pods that are gone without the watch having known them: their holder started the run and died before it
 * had noted the pod, and the pod went away within a gap. Each is asked for by UID, because a run may belong to another
 * watch of the cluster. Undefined when the watch is ending.
 */
export async function findOrphans(
  options: Pick<OpenWatchOptions, 'workflow' | 'input' | 'kubernetes' | 'logger'>,
  { source, present, signal }: { source: string; present: (uid: string) => boolean; signal: AbortSignal },
): Promise<readonly PodIdentity[] | undefined> {
  const { workflow, input, logger } = options;
  await sleep(visibilityLagMs, undefined, { signal }).catch(() => undefined); // An ending watch asks nothing more.
  const query = { workflow, cluster: input.cluster, namespaces: source === '' ? [] : [source] };
  return retryUntil(
    async () => {
      const orphans: PodIdentity[] = [];
      for await (const pod of listRunningPods(query)) {
        if (!present(pod.uid) && !(await stillExists(options, pod, signal))) orphans.push(pod);
      }
      return orphans;
    },
    {
      signal,
      onError: (error) => logger.warn({ err: error }, 'could not list the open runs after a gap, trying again'),
    },
  );
}
