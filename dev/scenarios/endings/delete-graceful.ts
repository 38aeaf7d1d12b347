import { isGone, isReady, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const deleteGraceful: Scenario = {
  name: 'delete-graceful',
  description: 'A running pod is deleted and its process dies of the SIGTERM, as it should (143).',
  objects: [
    pod({
      name: 'delete-graceful',
      // Process 1 would ignore the signal; here that is the pause program.
      shareProcessNamespace: true,
      terminationGracePeriodSeconds: 10,
      app: { command: stays },
    }),
  ],
  steps: [
    {
      description: 'delete it',
      when: some('delete-graceful', isReady),
      action: { type: 'delete', target: podNamed('delete-graceful') },
    },
  ],
  until: some('delete-graceful', isGone),
  incidents: { 'delete-graceful': [] },
};
