import { hasReason, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const volumeMissing: Scenario = {
  name: 'volume-missing',
  description: 'A volume is to be filled from the Secret "shop-certificate", which does not exist.',
  objects: [
    pod({
      name: 'volume-missing',
      volumes: [{ name: 'certificate', secret: { secretName: 'shop-certificate' } }],
      app: { command: stays, volumeMounts: [{ name: 'certificate', mountPath: '/certificate' }] },
    }),
  ],
  until: some('volume-missing', hasReason('ContainersReady', 'ContainersNotReady')),
  settleSeconds: 8,
  incidents: { 'volume-missing': ['VolumeMountFailed'] },
};
