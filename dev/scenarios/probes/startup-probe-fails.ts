import { restarted, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const startupProbeFails: Scenario = {
  name: 'startup-probe-fails',
  description: 'The startup probe never passes; after three failures the kubelet kills the container.',
  objects: [
    pod({
      name: 'startup-probe-fails',
      app: {
        command: stays,
        startupProbe: { exec: { command: ['cat', '/tmp/started'] }, periodSeconds: 1, failureThreshold: 3 },
      },
    }),
  ],
  until: some('startup-probe-fails', restarted(2)),
  incidents: { 'startup-probe-fails': ['StartupProbeFailed'] },
};
