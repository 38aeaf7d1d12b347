import { isGone, isReady, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const deleteIgnored: Scenario = {
  name: 'delete-ignored',
  description: 'A running pod is deleted; its process ignores the SIGTERM and is killed when its 3 s are over (137).',
  objects: [pod({ name: 'delete-ignored', terminationGracePeriodSeconds: 3, app: { command: stays } })],
  steps: [
    {
      description: 'delete it',
      when: some('delete-ignored', isReady),
      action: { type: 'delete', target: podNamed('delete-ignored') },
    },
  ],
  until: some('delete-ignored', isGone),
  incidents: { 'delete-ignored': [] },
};
