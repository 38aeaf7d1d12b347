import { hasReason, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const schedulingGate: Scenario = {
  name: 'scheduling-gate',
  description: 'A pod carries a scheduling gate that nobody takes off: it waits because it was told to.',
  objects: [
    pod({
      name: 'scheduling-gate',
      schedulingGates: [{ name: 'podkeeper.dev/wait' }],
      app: { command: stays },
    }),
  ],
  until: some('scheduling-gate', hasReason('PodScheduled', 'SchedulingGated')),
  incidents: { 'scheduling-gate': [] },
};
