import { isGone, isReady, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const preStopFails: Scenario = {
  name: 'pre-stop-fails',
  description: 'A pod is deleted and its preStop hook ends with 1; only an Event tells.',
  objects: [
    pod({
      name: 'pre-stop-fails',
      terminationGracePeriodSeconds: 3,
      app: { command: stays, lifecycle: { preStop: { exec: { command: ['false'] } } } },
    }),
  ],
  steps: [
    {
      description: 'delete it',
      when: some('pre-stop-fails', isReady),
      action: { type: 'delete', target: podNamed('pre-stop-fails') },
    },
  ],
  until: some('pre-stop-fails', isGone),
  incidents: { 'pre-stop-fails': [] },
};
