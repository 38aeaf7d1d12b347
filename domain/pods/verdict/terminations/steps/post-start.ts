import { eventEvidence, eventsOf, newestEvent } from '../../context/events.ts';
import type { Evidence } from '../../types.ts';
import { podEvidence } from '../../draft.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';
import { sayExitCode } from '../exit-codes.ts';

/** The kubelet kills a container whose postStart hook fails: the waiting reason or an Event of that run says so. */
export const decidePostStart: EndStep = (input) => {
  const { context, view, end } = input;
  const isWaiting = view.waitingReason === 'PostStartHookError' && end === view.ends[0];
  const waited = isWaiting ? undefined : waitedBefore(input);
  const failed = newestEvent(
    eventsOf(context.events, ['FailedPostStartHook'], view.name).filter(({ firstAt, lastAt }) => {
      const slack = context.windows.slackSeconds * 1000;
      const isTooOld = lastAt !== undefined && end.startedAt !== undefined && lastAt < end.startedAt - slack;
      const isTooNew = firstAt !== undefined && end.finishedAt !== undefined && firstAt > end.finishedAt + slack;
      return !isTooOld && !isTooNew;
    }),
  );
  if (!isWaiting && waited === undefined && failed === undefined) return undefined;
  return createEndDraft(input, {
    cause: 'PostStartHookFailed',
    confidence: 'confirmed',
    summary: `container ${view.name} was killed because its postStart hook failed, exit code ${sayExitCode(end.record.exitCode)}${sayRestarts(view)}`,
    remedy: `check the postStart hook of container ${view.name}`,
    evidence: [
      ...(isWaiting ? podEvidence(`${view.path}.state.waiting.reason`, view.waitingReason) : []),
      ...(waited === undefined ? [] : [waited]),
      ...(failed === undefined ? [] : [eventEvidence(failed)]),
    ],
  });
};

/** The previous snapshot named the hook for this same end; the back-off that follows hides it. */
function waitedBefore({ view, end }: End): Evidence | undefined {
  const { state, lastState } = view.before ?? {};
  if (state?.kind !== 'waiting' || state.reason !== 'PostStartHookError') return undefined;
  if (lastState?.kind !== 'terminated' || lastState.finishedAt !== end.record.finishedAt) return undefined;
  return { source: 'previous-pod', path: `${view.path}.state.waiting.reason`, value: state.reason };
}
