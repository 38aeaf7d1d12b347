import { isGone, isReady, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const deleteForced: Scenario = {
  name: 'delete-forced',
  description: 'A running pod is deleted with a grace period of 0.',
  objects: [pod({ name: 'delete-forced', app: { command: stays } })],
  steps: [
    {
      description: 'delete it by force',
      when: some('delete-forced', isReady),
      action: { type: 'delete', target: podNamed('delete-forced'), gracePeriodSeconds: 0 },
    },
  ],
  until: some('delete-forced', isGone),
  incidents: { 'delete-forced': [] },
};
