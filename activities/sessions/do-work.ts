import { type ApplicationFailure, Context } from '@temporalio/activity';
import { type FailureCode, failures } from '../../domain/failures.ts';
import { KubernetesError } from '../../platform/kubernetes/kubernetes-error.ts';
import type { RedisResult } from '../../platform/redis/redis.ts';
import { failure } from '../failure.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

const beatMs = 2000;

/**
 * The work of one activity: refuses another cluster's (`foreign_cluster`), heartbeats meanwhile, hands on the cancellation,
 * and turns what the API server did not do into `kubernetes_unavailable`.
 */
export async function doWork<T>(
  clusters: { readonly asked: string; readonly served: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  refuseForeignCluster(clusters);
  const context = Context.current();
  // Also one call to a slow API server may last longer than the heartbeat time-out.
  const beating = setInterval(() => context.heartbeat(), beatMs);
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    context.cancellationSignal.throwIfAborted();
    throw error instanceof KubernetesError ? kubernetesFailure('kubernetes_unavailable', error) : error;
  } finally {
    clearInterval(beating);
  }
}

/** What the API server said, without names of pods: workers log failures, and a session's key is nobody's business there. */
export function kubernetesFailure(code: FailureCode, error: KubernetesError): ApplicationFailure {
  return failure(code, error.message.replaceAll(/s-[a-z2-7]{26}-\d+/g, 's-…'));
}

/** The value Redis answered; fails with `redis_unavailable` when it did not. */
export async function askRedis<T>(result: Promise<RedisResult<T>>): Promise<T> {
  const settled = await result;
  if (settled.ok) return settled.value;
  throw failure('redis_unavailable', `${failures.redis_unavailable.meaning} (${settled.reason})`);
}
