import { all, restarted, isReady, some } from '../conditions.ts';
import { pod, sh, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const restartRule: Scenario = {
  name: 'restart-rule',
  description:
    'The first run ends with 42, which a restart rule of the container asks to be restarted; the second stays.',
  objects: [
    pod({
      name: 'restart-rule',
      restartPolicy: 'Never',
      volumes: [{ name: 'data', emptyDir: {} }],
      app: {
        command: sh(`[ -e /data/seen ] && exec ${stays.join(' ')}; touch /data/seen; sleep 1; exit 42`),
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    }),
  ],
  until: all(some('restart-rule', restarted(1)), some('restart-rule', isReady)),
  incidents: { 'restart-rule': [] },
};
