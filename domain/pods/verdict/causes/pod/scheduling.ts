import { conditionOf, isGoing } from '../../context/context.ts';
import { parseTime, sayDuration } from '../../context/time.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { readSchedulerMessage } from './scheduler-message.ts';

/** `PodScheduled=False`: no node fits, or a scheduling gate holds the pod back. */
export const findScheduling: Rule = (context) => {
  const condition = conditionOf(context, 'PodScheduled');
  if (condition?.status !== 'False' || isGoing(context)) return [];
  const { reason, message = '', lastTransitionTime } = condition;
  const { snapshot, now, windows } = context;
  const path = 'status.conditions[PodScheduled]';
  const at = parseTime(lastTransitionTime) ?? parseTime(snapshot.createdAt);
  if (reason === 'SchedulingGated') {
    const gates = snapshot.schedulingGates.join(', ');
    const summary = `the pod waits for its scheduling gates${gates === '' ? '' : `: ${gates}`}`;
    const evidence = podEvidence(`${path}.reason`, reason, lastTransitionTime);
    return [createDraft({ cause: 'SchedulingGated', confidence: 'confirmed', at, summary, evidence })];
  }
  if (reason !== 'Unschedulable') return [];
  const waited = at === undefined ? undefined : now - at;
  const isLong = waited !== undefined && waited > windows.unschedulableSeconds * 1000;
  const { detail, remedy } = readSchedulerMessage(message);
  return [
    createDraft({
      cause: 'Unschedulable',
      severity: isLong ? 'high' : 'medium',
      confidence: 'confirmed',
      at,
      detail,
      summary: `no node fits the pod${waited === undefined ? '' : ` since ${sayDuration(waited)}`}${message === '' ? '' : `: ${message}`}`,
      remedy,
      evidence: [
        ...podEvidence(`${path}.reason`, reason, lastTransitionTime),
        ...podEvidence(`${path}.message`, message, lastTransitionTime),
      ],
    }),
  ];
};
