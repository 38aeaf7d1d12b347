import type { VerdictContext } from '../../context/context.ts';
import type { Cause } from '../../types.ts';

/**
 * Whether this is one failed attempt of a Job that may still try again: only a failure that another try can mend, and
 * only until the Job has its Failed condition or has spent its backoff limit.
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
 */
export function isJobAttempt({ snapshot, evidence }: VerdictContext, cause: Cause): boolean {
  if (snapshot.owner?.kind !== 'Job' || (cause !== 'AppError' && cause !== 'Signalled')) return false;
  const { conditions, failed, backoffLimit } = evidence.job ?? {};
  const hasFailed = conditions?.some(({ type, status }) => type === 'Failed' && status === 'True') ?? false;
  const isSpent = failed !== undefined && backoffLimit !== undefined && failed > backoffLimit;
  return !hasFailed && !isSpent;
}
