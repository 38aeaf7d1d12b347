import type { PodIdentity } from '../../../domain/names.ts';
import { KubernetesError } from '../../../platform/kubernetes/kubernetes-error.ts';
import type { OpenWatchOptions } from '../watch-dependencies.ts';
import { retryUntil } from '../dispatch/retry-until.ts';

/**
 * Whether this very pod (by UID) still exists; asks until the API server answers. An ending watch counts
 * it as gone; where looking is forbidden it counts as existing, because only a run that goes on can be corrected.
 */
export async function stillExists(
  { kubernetes, logger }: Pick<OpenWatchOptions, 'kubernetes' | 'logger'>,
  { namespace, name, uid }: PodIdentity,
  signal: AbortSignal,
): Promise<boolean> {
  const look = async (): Promise<string | undefined> => {
    try {
      return (await kubernetes.getPod({ namespace, name, signal }))?.metadata?.uid;
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.status !== 403) throw error;
      logger.error({ namespace, name }, 'may not get pods: cannot tell whether this one still exists');
      return uid;
    }
  };
  const found = await retryUntil(look, {
    signal,
    onError: (error) => logger.warn({ err: error, namespace, name }, 'could not look whether a pod still exists'),
  });
  return found === uid;
}
