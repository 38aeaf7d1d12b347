import { conditionOf } from '../../context/context.ts';
import { eventEvidence, eventsOf, newestEvent } from '../../context/events.ts';
import { sayDuration } from '../../context/time.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { stalledFor } from './startup-progress.ts';

/** The pod's sandbox (its network above all) cannot be set up, so no container can start. */
export const findSandboxFailure: Rule = (context, found) => {
  const waited = stalledFor(context);
  if (waited === undefined || hasStarted(context.containers)) return [];
  const event = newestEvent(eventsOf(context.events, ['FailedCreatePodSandBox', 'NetworkNotReady']));
  const condition = conditionOf(context, 'PodReadyToStartContainers');
  const isOverdue = condition?.status === 'False' && waited >= context.windows.startupSeconds * 1000;
  // Volumes are mounted before the sandbox is made: one that fails explains why there is none.
  const isExplained = found.some(({ finding }) => finding.cause === 'VolumeMountFailed');
  if (event === undefined && (!isOverdue || isExplained)) return [];
  return [
    createDraft({
      cause: 'SandboxFailed',
      confidence: event === undefined ? 'possible' : 'confirmed',
      at: context.now,
      summary:
        event === undefined
          ? `the pod has no sandbox after ${sayDuration(waited)}: its network, the runtime or a volume it waits for`
          : `the sandbox of the pod cannot be set up: ${event.message}`,
      remedy:
        event === undefined
          ? "see the pod's Events: they tell a volume from the network"
          : `check the network plugin and the container runtime of ${context.snapshot.nodeName ?? 'the node'}`,
      evidence: [
        ...(event === undefined ? [] : [eventEvidence(event)]),
        ...podEvidence(
          'status.conditions[PodReadyToStartContainers].status',
          condition?.status,
          condition?.lastTransitionTime,
        ),
      ],
    }),
  ];
};

function hasStarted(
  containers: readonly { readonly status: { readonly state?: { readonly kind: string } } | undefined }[],
) {
  return containers.some(({ status }) => status?.state !== undefined && status.state.kind !== 'waiting');
}
