import type { VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';
import { eventEvidence, eventsOf, type IndexedEvent, newestEvent } from '../../context/events.ts';
import { createDraft, type Draft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

/** Lifecycle hooks that Events report as failed. A postStart hook whose container has a record is told there. */
export const findHookFailures: Rule = (context, found) => {
  if (context.events.size === 0) return [];
  return context.containers.flatMap((view) => {
    const drafts: Draft[] = [];
    const postStart = newestEvent(eventsOf(context.events, ['FailedPostStartHook'], view.name));
    const isTold = found.some(
      ({ finding }) => finding.container === view.name && finding.cause === 'PostStartHookFailed',
    );
    if (postStart !== undefined && !isTold && isCurrent(context, view, postStart))
      drafts.push(draftPostStart(view, postStart));
    const preStop = newestEvent(eventsOf(context.events, ['FailedPreStopHook'], view.name));
    if (preStop !== undefined) drafts.push(draftPreStop(view, preStop));
    return drafts;
  });
};

/** The container has not become ready since, or the Event is recent. */
function isCurrent({ now, windows }: VerdictContext, { status }: ContainerView, { lastAt }: IndexedEvent): boolean {
  return status?.ready !== true || lastAt === undefined || now - lastAt <= windows.recentSeconds * 1000;
}

function draftPostStart(view: ContainerView, event: IndexedEvent): Draft {
  return createDraft({
    cause: 'PostStartHookFailed',
    confidence: 'confirmed',
    view,
    at: event.lastAt,
    restarts: view.restarts,
    summary: `the postStart hook of container ${view.name} failed`,
    remedy: `check the postStart hook of container ${view.name}: ${event.message}`,
    evidence: [eventEvidence(event)],
  });
}

function draftPreStop(view: ContainerView, event: IndexedEvent): Draft {
  return createDraft({
    cause: 'PreStopHookFailed',
    confidence: 'confirmed',
    view,
    at: event.lastAt,
    summary: `the preStop hook of container ${view.name} failed; the container was stopped all the same`,
    remedy: `check the preStop hook of container ${view.name}: ${event.message}`,
    evidence: [eventEvidence(event)],
  });
}
