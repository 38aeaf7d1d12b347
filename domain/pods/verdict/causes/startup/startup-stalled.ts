import { conditionOf } from '../../context/context.ts';
import { sayDuration } from '../../context/time.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import { counts } from '../../selection/incident.ts';
import type { Rule } from '../../rule.ts';
import { stalledFor } from './startup-progress.ts';

/** Scheduled, still Pending for too long, and nothing found that would say why. Comes last for that reason. */
export const findStartupStall: Rule = (context, found) => {
  const waited = stalledFor(context);
  if (waited === undefined || waited < context.windows.startupSeconds * 1000) return [];
  if (found.some(({ finding }) => counts(finding))) return [];
  const running = context.containers.find(({ type, status }) => type === 'init' && status?.state?.kind === 'running');
  const waiting = context.containers.find(({ waitingReason }) => waitingReason !== undefined);
  const scheduled = conditionOf(context, 'PodScheduled');
  const said = running === undefined ? '' : `: init container ${running.name} is still running`;
  return [
    createDraft({
      cause: 'StartupStalled',
      confidence: running === undefined ? 'confirmed' : 'possible',
      at: context.now,
      detail: running === undefined ? waiting?.waitingReason : `init container ${running.name} runs`,
      summary: `the pod has a node but did not start for ${sayDuration(waited)}${said}`,
      remedy:
        running === undefined
          ? 'see the Events of the pod and the kubelet of its node'
          : `check what init container ${running.name} waits for`,
      evidence: [
        ...podEvidence('status.phase', context.snapshot.phase),
        ...podEvidence('status.conditions[PodScheduled].status', scheduled?.status, scheduled?.lastTransitionTime),
        ...(waiting === undefined ? [] : podEvidence(`${waiting.path}.state.waiting.reason`, waiting.waitingReason)),
      ],
    }),
  ];
};
