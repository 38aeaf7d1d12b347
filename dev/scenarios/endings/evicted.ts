import { podReason, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const evicted: Scenario = {
  name: 'evicted',
  description: 'A container writes 8 MB into an emptyDir that may hold 1 MB; the kubelet evicts the pod.',
  objects: [
    pod({
      name: 'evicted',
      volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Mi' } }],
      app: {
        command: sh('sleep 1; dd if=/dev/zero of=/scratch/dump bs=1M count=8; sleep 3600'),
        volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
      },
    }),
  ],
  until: some('evicted', podReason('Evicted')),
  timeoutSeconds: 150,
  settleSeconds: 5,
  incidents: { evicted: ['Evicted'] },
};
