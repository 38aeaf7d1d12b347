import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const crashLoop: Scenario = {
  name: 'crash-loop',
  description: 'The process ends with 3 after a second, each time it is started.',
  objects: [
    pod({
      name: 'crash-loop',
      app: { command: sh('echo "cannot reach the database" >&2; sleep 1; exit 3') },
    }),
  ],
  until: some('crash-loop', restarted(4)),
  timeoutSeconds: 180,
  incidents: { 'crash-loop': ['AppError'] },
};
