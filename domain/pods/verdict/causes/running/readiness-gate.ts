import { conditionOf, isGoing } from '../../context/context.ts';
import { parseTime } from '../../context/time.ts';
import { createDraft, podEvidence } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

/** All containers are ready, and a condition that the pod's readinessGates ask for is not there. */
export const findReadinessGates: Rule = (context) => {
  const { snapshot } = context;
  const ready = conditionOf(context, 'ContainersReady');
  if (snapshot.readinessGates.length === 0 || ready?.status !== 'True' || isGoing(context)) return [];
  if (snapshot.phase !== 'Running') return [];
  const unmet = snapshot.readinessGates.filter((gate) => conditionOf(context, gate)?.status !== 'True');
  if (unmet.length === 0) return [];
  return [
    createDraft({
      cause: 'ReadinessGateUnmet',
      confidence: 'confirmed',
      at: parseTime(ready.lastTransitionTime),
      detail: unmet.join(', '),
      summary: `the containers are ready, but the pod waits for ${unmet.join(', ')}`,
      remedy: `check the controller that sets ${unmet.join(', ')}`,
      evidence: [
        ...podEvidence('status.conditions[ContainersReady].status', ready.status, ready.lastTransitionTime),
        ...podEvidence('spec.readinessGates', snapshot.readinessGates.join(', ')),
        ...unmet.flatMap((gate) =>
          podEvidence(`status.conditions[${gate}].status`, conditionOf(context, gate)?.status),
        ),
      ],
    }),
  ];
};
