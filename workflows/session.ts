import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { renderSessionDetails, sessionAttributes } from '../domain/sessions/state/session-details.ts';
import { failureMs, newSessionLife } from '../domain/sessions/state/session-life.ts';
import type { SessionPhase } from '../domain/sessions/state/session-state.ts';
import { searchAttributePairs } from '../domain/search-attributes.ts';
import { historyIsLong } from './history-limit.ts';
import type { SessionInput, SessionResult } from './session.messages.ts';
import { adoptPod } from './sessions/adopt-pod.ts';
import { drainSession, removePod } from './sessions/end-session.ts';
import { restAfterFailure } from './sessions/rest-after-failure.ts';
import { replacePod, serveSession } from './sessions/serve-session.ts';
import { attempt, createSessionContext, quick, type SessionContext } from './sessions/session-context.ts';
import { startPod } from './sessions/start-pod.ts';
import { takeSessionRequests } from './sessions/take-requests.ts';

/** Phases worth a billable update of what lists of runs show. */
const shownPhases: ReadonlySet<SessionPhase> = new Set(['Ready', 'Failed', 'Deleting']);

/**
 * The life of one session: makes its pod at the first request, replaces it when it dies, and removes it once it was idle
 * long enough, was ended, or its longest life is over. Every step is about one incarnation; one loop makes them all.
 * Cancelled, it ends the session and cleans up.
 */
export async function session(input: SessionInput): Promise<SessionResult> {
  let shown: SessionPhase | undefined;
  const show = (): void => {
    setCurrentDetails(renderSessionDetails(context.state, Date.now()));
    const { phase } = context.state.standing;
    if (phase === shown || !shownPhases.has(phase)) return;
    shown = phase;
    upsertSearchAttributes(searchAttributePairs(sessionAttributes(context.state)));
  };
  const context: SessionContext = createSessionContext(input, input.carried ?? newSessionLife(Date.now()), show);
  takeSessionRequests(context);
  let cancelled = false;
  // A function, because the cancellation comes behind the back of the compiler's flow analysis.
  const isCancelled = (): boolean => cancelled;
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    context.wishes.end ??= { force: false };
  });
  const result = await CancellationScope.nonCancellable(() => live(context));
  if (isCancelled()) throw new CancelledFailure('The session was cancelled; its pod is removed.');
  return result;
}

async function live(context: SessionContext): Promise<SessionResult> {
  const { input } = context;
  let endedBy: SessionResult['endedBy'] = 'absent';
  if (input.carried === undefined) await adoptPod(context);
  for (;;) {
    const { phase, drain } = context.state.standing;
    if (drain !== null) endedBy = drain;
    switch (phase) {
      case 'Gone':
        if (await restWhileGone(context)) break;
        return { endedBy, incarnation: context.state.highestIncarnation, heals: context.state.heals };
      case 'Ready':
        await serveSession(context);
        break;
      case 'Lost':
        await replacePod(context);
        break;
      case 'Draining':
        await drainSession(context);
        break;
      case 'Deleting':
        await removePod(context);
        break;
      case 'Failed':
        endedBy = 'failed';
        await restAfterFailure(context);
        break;
      case 'Starting':
        throw new Error('a session is never left while it starts');
    }
    if (phase === 'Ready' && context.state.standing.phase === 'Ready') await continueIfLong(context);
  }
}

/** Without a pod: true when one is wanted and was started, false when the run is over. */
async function restWhileGone(context: SessionContext): Promise<boolean> {
  const { wishes, ref, runId } = context;
  for (;;) {
    context.timesGone += 1;
    if (wishes.end !== null) {
      // Granted: there is no pod. Who asks for one from now on gets the next.
      wishes.end = null;
      context.update({ healing: false, failures: 0 });
    }
    if (wishes.waiting > 0 || context.state.healing) {
      // A life of its own: when the one before was to end, and that somebody asked to keep it, no longer counts.
      if (!context.state.healing) context.update({ wantedAtMs: Date.now(), endsAtMs: 0, keptUntilMs: 0, heals: 0 });
      await startPod(context);
      return true;
    }
    await attempt(quick.releaseSlot({ ...ref, runId }));
    // Nothing may be awaited between this look and the return: a request taken in then would be lost.
    const isWanted = (): boolean => wishes.waiting > 0 || wishes.end !== null;
    if (!isWanted() && allHandlersFinished()) {
      const { failures } = context.state;
      if (failures === 0) return false;
      // Who asks soon after a failure meets its count, or failures would never be in a row.
      if (!(await condition(isWanted, failureMs(failures)))) context.update({ failures: 0 });
    } else await condition(() => isWanted() || allHandlersFinished());
  }
}

async function continueIfLong({ input, state, wishes }: SessionContext): Promise<void> {
  const { waiting, end, suspect, podGone, unpublished } = wishes;
  const isQuiet = waiting === 0 && end === null && suspect === null && podGone === null && unpublished === null;
  if (isQuiet && historyIsLong(input.historyLimit) && allHandlersFinished()) {
    await continueAsNew<typeof session>({ ...input, carried: state });
  }
}
