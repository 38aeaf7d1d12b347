import { restarted, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const postStartFails: Scenario = {
  name: 'post-start-fails',
  description: 'The postStart hook ends with 1, so the kubelet kills the container (137).',
  objects: [
    pod({
      name: 'post-start-fails',
      app: { command: stays, lifecycle: { postStart: { exec: { command: ['false'] } } } },
    }),
  ],
  until: some('post-start-fails', restarted(2)),
  incidents: { 'post-start-fails': ['PostStartHookFailed'] },
};
