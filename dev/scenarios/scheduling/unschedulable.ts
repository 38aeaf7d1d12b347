import { hasReason, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const unschedulable: Scenario = {
  name: 'unschedulable',
  description: 'A pod asks for 5,000 CPUs; no node has them.',
  objects: [pod({ name: 'unschedulable', app: { command: stays, resources: { requests: { cpu: '5000' } } } })],
  until: some('unschedulable', hasReason('PodScheduled', 'Unschedulable')),
  incidents: { unschedulable: ['Unschedulable'] },
};
