import { conditionOf, isGoing, type VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';
import { eventEvidence, eventsOf, newestEvent } from '../../context/events.ts';
import { parseTime, sayDuration } from '../../context/time.ts';
import { createDraft, type Draft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { kindOf } from '../../terminations/probes/probe-events.ts';
import { windowOf } from '../../terminations/probes/probe-inference.ts';

/** Containers that run and are not ready: their readiness probe fails. */
export const findReadinessFailures: Rule = (context) => {
  const ready = conditionOf(context, 'Ready');
  if (context.snapshot.phase !== 'Running' || ready?.status !== 'False' || isGoing(context)) return [];
  if (ready.reason !== undefined && ready.reason !== 'ContainersNotReady') return [];
  return context.containers.flatMap((view) => findFailure(context, view) ?? []);
};

function findFailure(context: VerdictContext, view: ContainerView): Draft | undefined {
  const { status, spec } = view;
  if ((view.type !== 'app' && view.type !== 'sidecar') || status?.ready !== false) return undefined;
  if (status.state?.kind !== 'running') return undefined;
  // Until the startup probe has passed, the container is starting and readiness is not asked.
  if (spec.startup !== undefined && status.started === false) return undefined;
  const startedAt = parseTime(status.state.startedAt);
  const failing = newestEvent(
    eventsOf(context.events, ['Unhealthy'], view.name).filter(
      (entry) => kindOf(entry) === 'readiness' && (entry.lastAt ?? context.now) >= (startedAt ?? 0),
    ),
  );
  const ranFor = startedAt === undefined ? 0 : context.now - startedAt;
  const patience = Math.max(
    context.windows.readinessSeconds,
    spec.readiness === undefined ? 0 : windowOf(spec.readiness),
  );
  if (failing === undefined && ranFor < patience * 1000) return undefined;
  const said = failing === undefined ? '' : `: ${failing.message}`;
  return createDraft({
    cause: 'ReadinessProbeFailing',
    confidence: failing !== undefined ? 'confirmed' : spec.readiness === undefined ? 'possible' : 'likely',
    view,
    at: parseTime(conditionOf(context, 'Ready')?.lastTransitionTime) ?? startedAt,
    restarts: view.restarts,
    summary: `container ${view.name} runs${startedAt === undefined ? '' : ` since ${sayDuration(ranFor)}`} but is not ready`,
    remedy: `check what the readiness probe of container ${view.name} waits for${said}`,
    evidence: [
      ...podEvidence(`${view.path}.ready`, 'false'),
      ...podEvidence(`${view.path}.state.running.startedAt`, status.state.startedAt),
      ...podEvidence('status.conditions[Ready].reason', conditionOf(context, 'Ready')?.reason),
      ...(failing === undefined ? [] : [eventEvidence(failing)]),
    ],
  });
}
