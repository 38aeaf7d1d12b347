import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const livenessKillExit0: Scenario = {
  name: 'liveness-kill-exit-0',
  description:
    'As liveness-kill, but the process takes the SIGTERM and ends with 0: only Events tell it from a plain end.',
  objects: [
    pod({
      name: 'liveness-kill-exit-0',
      terminationGracePeriodSeconds: 5,
      app: {
        command: sh('trap "exit 0" TERM; touch /tmp/healthy; sleep 5; rm /tmp/healthy; while true; do sleep 1; done'),
        livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 1, failureThreshold: 3 },
      },
    }),
  ],
  until: some('liveness-kill-exit-0', restarted(2)),
  incidents: { 'liveness-kill-exit-0': ['LivenessProbeFailed'] },
};
