import { inPhase, some } from '../conditions.ts';
import { container, pod, sh, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const initFailsNever: Scenario = {
  name: 'init-fails-never',
  description: 'An init container ends with 4; with restartPolicy Never that is the end of the pod.',
  objects: [
    pod({
      name: 'init-fails-never',
      restartPolicy: 'Never',
      initContainers: [container({ name: 'migrate', command: sh('echo "migration failed" >&2; sleep 1; exit 4') })],
      app: { command: stays },
    }),
  ],
  until: some('init-fails-never', inPhase('Failed')),
  incidents: { 'init-fails-never': ['AppError'] },
};
