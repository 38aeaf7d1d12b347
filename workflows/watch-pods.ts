import {
  ActivityCancellationType,
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { type FailureCode, failures } from '../domain/failures.ts';
import { recordGap } from '../domain/pods/watch/watch-gaps.ts';
import { renderWatchDetails } from '../domain/pods/watch/watch-details.ts';
import type { WatchHeartbeat } from '../domain/pods/watch/watch-view.ts';
import { scopeFaults } from '../domain/pods/watch/watch-scope.ts';
import { taskQueues } from '../domain/task-queues.ts';
import type { WatchActivities } from '../triggers/pod-watch/index.ts';
import { historyIsLong } from './history-limit.ts';
import {
  gapSignal,
  pauseSignal,
  type Reconfiguration,
  reconfigureUpdate,
  resumeSignal,
  stopSignal,
  type WatchPodsInput,
  type WatchPodsResult,
  type WatchState,
  type WatchStatus,
  watchStatusQuery,
} from './watch-pods.messages.ts';

const newWatch: WatchState = {
  checkpoint: null,
  interval: 0,
  paused: false,
  gaps: [],
  gapCount: 0,
  lastInterval: null,
  missingPermissions: [],
};

/**
 * Holds one watch: runs the watch activity over and over, keeps its checkpoint between intervals and the gaps for good.
 * Temporal is the failover: whichever watch worker is free gets the activity.
 */
export async function watchPods(input: WatchPodsInput): Promise<WatchPodsResult> {
  const startFaults = scopeFaults(input.configuration.scope);
  if (startFaults.length > 0) throw refusal('invalid_scope', startFaults.join('; '));
  let { configuration, configHash, revision } = input;
  let state: WatchState = input.carried ?? newWatch;
  let stopping = false;
  let activity: CancellationScope | undefined;

  // A function, because signal handlers change it behind the back of the compiler's flow analysis.
  const isStopping = (): boolean => stopping;
  const endInterval = (): void => activity?.cancel();
  const status = (): WatchStatus => {
    const { paused, ...known } = state;
    const mode = stopping ? 'stopping' : paused ? 'paused' : 'running';
    return { mode, cluster: input.cluster, configuration, configHash, revision, ...known };
  };
  const changed = (): void => setCurrentDetails(renderWatchDetails(status()));

  setHandler(watchStatusQuery, status);
  setHandler(gapSignal, (gap) => {
    state = { ...state, ...recordGap(state, gap) };
    changed();
  });
  setHandler(pauseSignal, () => {
    state = { ...state, paused: true };
    endInterval();
    changed();
  });
  setHandler(resumeSignal, () => {
    state = { ...state, paused: false };
    changed();
  });
  setHandler(stopSignal, () => {
    stopping = true;
    endInterval();
    changed();
  });
  setHandler(
    reconfigureUpdate,
    (next) => {
      if (next.configHash === configHash) {
        revision = next.revision;
        return { changed: false, revision };
      }
      ({ configuration, configHash, revision } = next);
      endInterval();
      changed();
      return { changed: true, revision };
    },
    {
      validator: (next: Reconfiguration) => {
        if (next.revision < revision) {
          throw refusal('stale_revision', `revision ${next.revision} is older than revision ${revision}, in force`);
        }
        if (next.expectedHash !== undefined && next.expectedHash !== configHash) {
          throw refusal('stale_revision', `configuration ${configHash} is in force, not ${next.expectedHash}`);
        }
        const faults = scopeFaults(next.configuration.scope);
        if (next.configuration.scope.scopeName !== configuration.scope.scopeName) {
          faults.push(`scopeName can't change: this run watches "${configuration.scope.scopeName}"`);
        }
        if (faults.length > 0) throw refusal('invalid_scope', faults.join('; '));
      },
    },
  );
  changed();

  while (!isStopping()) {
    if (state.paused) {
      await condition(() => !state.paused || isStopping());
      continue;
    }
    const { watchPodsInterval } = proxyActivities<WatchActivities>({
      taskQueue: taskQueues.watch,
      heartbeatTimeout: '6s',
      startToCloseTimeout: '1h',
      retry: { initialInterval: '500ms', backoffCoefficient: 1 },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
    state = { ...state, interval: state.interval + 1 };
    const { checkpoint, interval } = state;
    const scope = new CancellationScope();
    activity = scope;
    try {
      const {
        checkpoint: reached,
        missingPermissions,
        endedBy,
        accepted,
      } = await scope.run(() =>
        watchPodsInterval({
          cluster: input.cluster,
          watchWorkflowId: workflowInfo().workflowId,
          configuration,
          checkpoint,
          interval,
        }),
      );
      state = { ...state, checkpoint: reached, missingPermissions, lastInterval: { endedBy, accepted } };
    } catch (error) {
      // Cancelled before a worker picked it up, or while its worker was dead: then no attempt will bring its checkpoint.
      if (!(error instanceof ActivityFailure)) throw error;
      state = { ...state, checkpoint: lastHeartbeat(error)?.checkpoint ?? state.checkpoint };
    }
    activity = undefined;
    changed();
    if (historyIsLong(input.historyLimit) && !isStopping() && allHandlersFinished()) {
      await continueAsNew<typeof watchPods>({ ...input, configuration, configHash, revision, carried: state });
    }
  }
  return { intervals: state.interval, gapCount: state.gapCount };
}

function lastHeartbeat({ cause }: ActivityFailure): WatchHeartbeat | undefined {
  return cause instanceof TimeoutFailure ? (cause.lastHeartbeatDetails as WatchHeartbeat | undefined) : undefined;
}

function refusal(code: FailureCode, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: !failures[code].retryable });
}
