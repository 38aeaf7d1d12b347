import type { KubernetesError } from '../../kubernetes-error.ts';
import { wait } from '../../wait.ts';
import { type Recovery, planRecovery } from '../failure/plan-recovery.ts';
import { StreamFault } from '../stream/stream-fault.ts';
import { type RunContext, requireList } from './context.ts';

/** So many faults in a row at one place of the stream, and the place is skipped with a list. */
const faultsBeforeList = 3;

/** Does what a failure asks for, and waits as long as it has to. @throws the signal's reason once it is aborted */
export async function recover<T>(context: RunContext<T>, failure: KubernetesError | StreamFault): Promise<void> {
  const { dependencies, target, progress, now, logger, signal } = context;
  const error = failure instanceof StreamFault ? failure.error : failure;
  const recovery = planRecovery(failure);
  progress.lastFailure = { message: failure.message, atMs: now() };
  if (error.verb === 'watch') {
    const reason = failure instanceof StreamFault ? failure.kind : error.code;
    dependencies.metrics.watchReconnections.inc({ reason: recovery === 'relist' ? 'expired' : reason });
  }
  if (error.status === 403) progress.missingPermission = { verb: error.verb, resource: error.resource };

  countFault(context, failure);
  const waitMs = await prepare(context, recovery, error);
  const details = { path: target.path, verb: error.verb, code: error.code, recovery, waitMs: Math.round(waitMs) };
  logger?.warn(details, failure.message);
  if (waitMs > 0) await wait(waitMs, signal);
}

/** After three faults in a row what the stream can't deliver is given up: the next list passes it, with a gap. */
function countFault<T>({ progress }: RunContext<T>, failure: KubernetesError | StreamFault): void {
  if (!(failure instanceof StreamFault) || (failure.kind !== 'error-event' && failure.kind !== 'malformed')) return;
  progress.faultsInARow += 1;
  if (progress.faultsInARow >= faultsBeforeList) requireList(progress, 'stream-faults');
}

/** Changes what has to change before the next attempt; returns how long to wait for it, in milliseconds. */
async function prepare<T>(context: RunContext<T>, recovery: Recovery, error: KubernetesError): Promise<number> {
  const { dependencies, progress, backoff, logger } = context;
  const backOff = () => backoff.failed(error.retryAfterSeconds);
  switch (recovery) {
    case 'relist': {
      // Of a list: its continue token has expired, and it is due anyway.
      if (error.verb !== 'watch') return backOff();
      const atOnce = progress.deliveredSinceList;
      requireList(progress, 'expired');
      return atOnce ? 0 : backOff();
    }
    case 'reload-credentials': {
      if (progress.credentialsReloaded) return backOff();
      progress.credentialsReloaded = true;
      try {
        await dependencies.connection.reloadCredentials();
        return 0;
      } catch (cause) {
        logger?.error({ err: cause }, 'The Kubernetes credentials could not be read again');
        return backOff();
      }
    }
    case 'smaller-pages':
      if (progress.pageSize === 1) return backoff.slow();
      progress.pageSize = Math.ceil(progress.pageSize / 2);
      return 0;
    case 'slow':
      return Math.max(backoff.slow(), (error.retryAfterSeconds ?? 0) * 1000);
    case 'retry':
      return backOff();
  }
}
