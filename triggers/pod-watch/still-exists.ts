import type { PodIdentity } from '../../domain/names.ts';
import type { OpenWatchOptions } from './watch-dependencies.ts';
import { retryUntil } from './retry-until.ts';

/** Whether this very pod (by UID) still exists; asks until the API server answers. An ending watch counts it as gone. */
export async function stillExists(
  { kubernetes, logger }: Pick<OpenWatchOptions, 'kubernetes' | 'logger'>,
  { namespace, name, uid }: PodIdentity,
  signal: AbortSignal,
): Promise<boolean> {
  const pod = await retryUntil(() => kubernetes.getPod({ namespace, name, signal }), {
    signal,
    onError: (error) => logger.warn({ err: error, namespace, name }, 'could not look whether a pod still exists'),
  });
  return pod?.metadata?.uid === uid;
}
