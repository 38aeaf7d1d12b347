import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { failures } from '../../domain/failures.ts';
import type { WatchCheckpoint } from '../../domain/pods/watch/watch-checkpoint.ts';
import type { WatchHeartbeat } from '../../domain/pods/watch/watch-view.ts';
import type { WatchIntervalInput, WatchIntervalResult } from '../../workflows/watch-pods.messages.ts';
import { startHeartbeat } from './hold/heartbeat.ts';
import { openWatch } from './open-watch.ts';
import type { WatchDependencies } from './watch-dependencies.ts';

/** How long the end of an interval waits for changes already read to be accepted; the rest is read again. */
const drainMs = 5000;

/** The watch activity: holds a scope for one interval and returns how far it came. */
export function createWatchPodsInterval(dependencies: WatchDependencies) {
  return async function watchPodsInterval(input: WatchIntervalInput): Promise<WatchIntervalResult> {
    const context = Context.current();
    if (input.cluster !== dependencies.cluster) {
      const message = `${failures.foreign_cluster.meaning} Asked for "${input.cluster}", serving "${dependencies.cluster}".`;
      throw ApplicationFailure.retryable(message, 'foreign_cluster');
    }
    const inherited = context.info.heartbeatDetails as WatchHeartbeat | undefined;
    const start = inherited?.checkpoint ?? input.checkpoint;
    const heartbeat = startHeartbeat({
      send: (details) => context.heartbeat(details),
      inherited: { checkpoint: start, view: null },
      onError: (error) => dependencies.logger.error({ err: error }, 'the watch could not tell how far it has come'),
    });
    const end = AbortSignal.any([dependencies.shutdown, context.cancellationSignal]);
    const over = new AbortController();
    try {
      const watch = await openWatch({
        ...dependencies,
        input,
        start,
        // Grows from run to run of `watchPods`, unlike its interval numbers.
        fence: { interval: context.info.scheduledTimestampMs, attempt: context.info.attempt },
      });
      heartbeat.use(() => watch.beat());
      await Promise.race([
        untilEnd(input.configuration.intervalSeconds * 1000, AbortSignal.any([end, over.signal])),
        watch.failed,
      ]);
      const checkpoint: WatchCheckpoint = await watch.close(drainMs);
      const endedBy = dependencies.shutdown.aborted ? 'shutdown' : end.aborted ? 'cancelled' : 'interval';
      return {
        checkpoint,
        endedBy,
        accepted: watch.view().accepted,
        missingPermissions: watch.view().missingPermissions,
      };
    } finally {
      over.abort();
      heartbeat.stop();
      dependencies.holder.release();
    }
  };
}

async function untilEnd(intervalMs: number, end: AbortSignal): Promise<void> {
  // An abort is one of the two ordinary ends.
  await sleep(intervalMs, undefined, { signal: end }).catch(() => undefined);
}
