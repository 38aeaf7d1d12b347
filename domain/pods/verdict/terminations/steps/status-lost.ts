import { podEvidence } from '../../draft.ts';
import type { Draft } from '../../draft.ts';
import { createDraft } from '../../draft.ts';
import type { VerdictContext } from '../../context/context.ts';
import type { ContainerView } from '../../context/container-view.ts';
import { count } from '../../values/text.ts';
import { createEndDraft } from '../create-end-draft.ts';
import type { EndStep } from '../end.ts';
import { countMissing, sayMissing, wasReset } from '../missing-records.ts';

/** ContainerStatusUnknown: 137 is a placeholder the kubelet writes when it finds no container at all. */
export const decideStatusLost: EndStep = (input) => {
  if (input.end.record.reason !== 'ContainerStatusUnknown') return undefined;
  return createEndDraft(input, {
    cause: 'StatusLost',
    confidence: 'confirmed',
    summary: `the kubelet does not know how container ${input.view.name} ended; it may never have run (exit code 137 is a placeholder)`,
    remedy: 'look at what happened to the pod and its node at that time; the container itself left no record',
  });
};

/** A container was restarted, or waits for it, and no record of any end is left. */
export function findLostRecord(context: VerdictContext, view: ContainerView): Draft | undefined {
  const wasRestarted = view.restarts > 0 || view.waitingReason === 'CrashLoopBackOff';
  if (view.ends.length > 0 || !wasRestarted || wasReset(view) || view.type === 'ephemeral') return undefined;
  return createDraft({
    cause: 'StatusLost',
    confidence: 'possible',
    view,
    isEnd: true,
    restarts: view.restarts,
    detail: sayMissing(countMissing(view)) ?? 'missing every termination record',
    excuse: context.disruption === undefined ? undefined : 'disruption',
    explainedBy: context.disruption?.cause,
    summary: `container ${view.name} was restarted ${count(view.restarts, 'time')}, but no record of how it ended is left`,
    evidence: [
      ...podEvidence(`${view.path}.restartCount`, view.restarts),
      ...podEvidence(`${view.path}.state.waiting.reason`, view.waitingReason),
    ],
  });
}
