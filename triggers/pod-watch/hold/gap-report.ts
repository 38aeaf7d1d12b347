import type { WatchGap } from '../../../domain/pods/watch/watch-checkpoint.ts';
import { gapSignal } from '../../../workflows/watch-pods.messages.ts';
import type { OpenWatchOptions } from '../watch-dependencies.ts';
import { retryUntil } from '../dispatch/retry-until.ts';

/** Tells `watchPods` of a gap until it has it (true) or the watch ends (false). */
export function createGapReport(
  options: Pick<OpenWatchOptions, 'workflow' | 'input' | 'logger'> & {
    readonly signal: AbortSignal;
  },
): (gap: WatchGap) => Promise<boolean> {
  const { workflow, input, logger, signal } = options;
  const handle = workflow.getHandle(input.watchWorkflowId);
  return async (gap) => {
    logger.warn({ gap }, 'gap: updates in this stretch cannot be known');
    const sent = await retryUntil(async () => (await handle.signal(gapSignal, gap), true), {
      signal,
      onError: (error) => logger.warn({ err: error }, 'could not report a gap, trying again'),
    });
    return sent === true;
  };
}
