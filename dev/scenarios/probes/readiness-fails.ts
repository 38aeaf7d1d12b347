import { isRunning, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const readinessFails: Scenario = {
  name: 'readiness-fails',
  description: 'Runs, but its readiness probe never passes; nothing restarts it.',
  objects: [
    pod({
      name: 'readiness-fails',
      app: {
        command: stays,
        readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1, failureThreshold: 3 },
      },
    }),
  ],
  until: some('readiness-fails', isRunning),
  settleSeconds: 8,
  incidents: { 'readiness-fails': ['ReadinessProbeFailing'] },
};
