import { KubernetesError } from '../../kubernetes-error.ts';
import { StreamFault } from '../stream/stream-fault.ts';
import { followWatch } from './follow-watch.ts';
import type { RunContext } from './context.ts';
import { recover } from './recover.ts';
import { takeList } from './take-list.ts';
import { verifyVersions } from './verify-versions.ts';

/**
 * Lists where it has to, watches, and starts over whatever happens. Never returns.
 * @throws the signal's reason once it is aborted, or what `project` threw
 */
export async function runReflector<T>(context: RunContext<T>): Promise<never> {
  const { dependencies, progress, signal } = context;
  for (;;) {
    signal.throwIfAborted();
    try {
      if (!progress.listDue && !progress.versionsVerified) await verifyVersions(context);
      if (progress.listDue) await takeList(context);
      if (progress.version !== null) await followWatch(context, progress.version);
      dependencies.metrics.watchReconnections.inc({ reason: 'closed' });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof KubernetesError) && !(error instanceof StreamFault)) throw error;
      await recover(context, error);
    }
  }
}
