import { some, waitsFor } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const configMissing: Scenario = {
  name: 'config-missing',
  description: 'The environment of the container comes from the ConfigMap "shop-settings", which does not exist.',
  objects: [
    pod({
      name: 'config-missing',
      app: { command: stays, envFrom: [{ configMapRef: { name: 'shop-settings' } }] },
    }),
  ],
  until: some('config-missing', waitsFor('CreateContainerConfigError')),
  incidents: { 'config-missing': ['ContainerConfigInvalid'] },
};
