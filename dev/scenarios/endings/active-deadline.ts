import { podReason, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const activeDeadline: Scenario = {
  name: 'active-deadline',
  description: 'A pod that may run 5 s is still running then, so the kubelet ends it.',
  objects: [
    pod({ name: 'active-deadline', restartPolicy: 'Never', activeDeadlineSeconds: 5, app: { command: stays } }),
  ],
  until: some('active-deadline', podReason('DeadlineExceeded')),
  settleSeconds: 5,
  incidents: { 'active-deadline': ['DeadlineExceeded'] },
};
