import { realNodeName } from '../../environment/node/kubelet.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { all, atOnce, isGone, isReady, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

/** A resource the node is told it has one of: room that no other scenario takes, whatever the machine. */
const slot = 'podkeeper.dev/slot';

const priority = (name: string, value: number): Manifest => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
});

const taker = (name: string): Manifest =>
  pod({ name, priorityClassName: `recorded-${name}`, app: { command: stays, resources: { limits: { [slot]: '1' } } } });

export const preempted: Scenario = {
  name: 'preempted',
  description: 'A pod of high priority needs the room of a running pod of low priority; the scheduler makes it.',
  objects: [priority('recorded-low', 1), priority('recorded-high', 1000)],
  steps: [
    {
      description: 'give the node one slot',
      when: atOnce,
      action: {
        type: 'patch',
        target: { apiVersion: 'v1', kind: 'Node', metadata: { name: realNodeName } },
        subresource: 'status',
        patch: { status: { capacity: { [slot]: '1' }, allocatable: { [slot]: '1' } } },
      },
    },
    { description: 'take the slot', when: atOnce, action: { type: 'apply', manifest: taker('low') } },
    {
      description: 'ask for it with a higher priority',
      when: some('low', isReady),
      action: { type: 'apply', manifest: taker('high') },
    },
  ],
  until: all(some('low', isGone), some('high', isReady)),
  incidents: { low: [], high: ['Unschedulable'] },
};
