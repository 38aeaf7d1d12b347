import { restarted, some } from '../conditions.ts';
import { container, pod, sh, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const initFailsAlways: Scenario = {
  name: 'init-fails-always',
  description: 'An init container ends with 4; restartPolicy Always tries it again and the app container never starts.',
  objects: [
    pod({
      name: 'init-fails-always',
      initContainers: [container({ name: 'migrate', command: sh('echo "migration failed" >&2; sleep 1; exit 4') })],
      app: { command: stays },
    }),
  ],
  until: some('init-fails-always', restarted(3)),
  timeoutSeconds: 120,
  incidents: { 'init-fails-always': ['AppError'] },
};
