import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplayActivities } from '../activities/replay/index.ts';
import { checkReplayInput, describeFaults } from '../domain/replay/check-replay-input.ts';
import { createPace } from '../domain/replay/pace.ts';
import { recordRun } from '../domain/replay/record-run.ts';
import { renderReplayDetails } from '../domain/replay/details/replay-details.ts';
import { replayedRun } from '../domain/replay/replayed-run.ts';
import { replayAttributes, replayProgress } from '../domain/replay/replay-progress.ts';
import { countsSince, type FoundRun, newReplay, type ReplayProgress } from '../domain/replay/replay.ts';
import { searchAttributePairs, searchAttributes } from '../domain/search-attributes.ts';
import { historyIsLong } from './history-limit.ts';
import { pinnedWhenVersioned } from './replay/pinned-when-versioned.ts';
import { tryRun } from './replay/try-run.ts';
import {
  type ReplayClassificationsInput,
  type ReplayClassificationsResult,
  replayProgressQuery,
} from './replay-classifications.messages.ts';

const { findRunsToReplay } = proxyActivities<ReplayActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '10s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});
const { countReplayed } = proxyLocalActivities<ReplayActivities>({ startToCloseTimeout: '5s' });

/** Runs tried at the same time. */
const atOnce = 10;

setWorkflowOptions(pinnedWhenVersioned, replayClassifications);
/**
 * Tries again what could not be classified, in every pod run the filter matches: open runs do it themselves, for failed ones a
 * child `reclassify` does. Goes page by page through the list of runs; at most `runsPerSecond` are begun in a second, and
 * ten are under way at once. Completes whatever the outcomes are. Cancelled, it waits for what is under way and ends as
 * cancelled; the query tells what it did until then. Fails with `invalid_input`, or when the list of runs can't be read for
 * an hour.
 */
export async function replayClassifications(input: ReplayClassificationsInput): Promise<ReplayClassificationsResult> {
  const faults = checkReplayInput(input);
  if (faults.length > 0) {
    showFailed();
    throw ApplicationFailure.nonRetryable(describeFaults(faults), 'invalid_input', faults);
  }
  const { continuedFromExecutionRunId, startTime, namespace } = workflowInfo();
  const carried = continuedFromExecutionRunId === undefined ? undefined : input.carried;
  let state = carried ?? newReplay(startTime.toISOString());
  let phase: ReplayProgress['state'] = 'running';
  let cancelled = false;
  // A function, because the cancellation comes behind the back of the compiler's flow analysis.
  const isCancelled = (): boolean => cancelled;
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
  });
  const progress = (): ReplayProgress => replayProgress(input, state, phase);
  const show = (): void => setCurrentDetails(renderReplayDetails(progress(), { temporalNamespace: namespace }));
  const showState = (): void =>
    upsertSearchAttributes(searchAttributePairs(replayAttributes({ ...progress(), cluster: input.cluster })));
  setHandler(replayProgressQuery, progress);
  show();
  // The trigger starts a replay with its attributes; one that a person started by hand has none.
  if (!showsState()) showState();

  const pace = createPace(input.runsPerSecond);
  const tryPage = async (runs: readonly FoundRun[]): Promise<void> => {
    const before = state.counts;
    let underWay = 0;
    const tryOne = async (run: FoundRun): Promise<void> => {
      try {
        const heard = await tryRun({ ...input, startedAt: state.startedAt }, run);
        if (heard !== undefined) state = recordRun(state, heard);
      } catch (error) {
        // Such as an answer that this code does not understand, of a worker of another version. It must not stop the replay.
        const reason = rootCause(error) ?? 'unknown reason';
        state = recordRun(state, { run: replayedRun(run, { kind: 'refused', reason }), repeated: false });
      } finally {
        underWay -= 1;
      }
      show();
    };
    for (const run of runs) {
      await condition(() => underWay < atOnce || isCancelled());
      const waitMs = pace.reserve(Date.now());
      if (waitMs > 0) await condition(isCancelled, waitMs);
      if (isCancelled()) break;
      underWay += 1;
      void tryOne(run);
    }
    await condition(() => underWay === 0);
    if (!input.dryRun && runs.length > 0) await countReplayed(countsSince(before, state.counts));
  };

  try {
    do {
      const { cluster, filter, historyLimit } = input;
      const page = await findRunsToReplay({ cluster, filter, pageToken: state.nextPageToken });
      // A cancellation stops nothing that is under way: it is finished first.
      await CancellationScope.nonCancellable(() => tryPage(page.runs));
      if (isCancelled()) break;
      state = { ...state, pages: state.pages + 1, nextPageToken: page.nextPageToken };
      show();
      if (state.nextPageToken !== null && historyIsLong(historyLimit) && allHandlersFinished()) {
        await continueAsNew<typeof replayClassifications>({ ...input, carried: state });
      }
    } while (state.nextPageToken !== null);
  } catch (error) {
    if (!isCancelled() || !isCancellation(error)) {
      if (error instanceof ActivityFailure) showFailed();
      throw error;
    }
  }
  phase = isCancelled() ? 'cancelled' : 'completed';
  show();
  showState();
  if (isCancelled()) throw new CancelledFailure('The replay was cancelled.');
  return progress();
}

function showFailed(): void {
  upsertSearchAttributes(searchAttributePairs({ state: 'failed' }));
}

function showsState(): boolean {
  const shown = workflowInfo().typedSearchAttributes.getAll();
  return shown.some(({ key }) => key.name === searchAttributes.state.name);
}
