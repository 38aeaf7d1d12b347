import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const livenessKill: Scenario = {
  name: 'liveness-kill',
  description:
    'Healthy for 5 s, then its liveness probe fails three times and the kubelet kills it (137), again and again.',
  objects: [
    pod({
      name: 'liveness-kill',
      app: {
        command: sh('touch /tmp/healthy; sleep 5; rm /tmp/healthy; sleep 3600'),
        livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 1, failureThreshold: 3 },
      },
    }),
  ],
  until: some('liveness-kill', restarted(2)),
  incidents: { 'liveness-kill': ['LivenessProbeFailed'] },
};
