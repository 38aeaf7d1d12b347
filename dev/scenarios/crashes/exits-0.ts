import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const exits0: Scenario = {
  name: 'exits-0',
  description: 'The process has nothing to do and ends with 0; restartPolicy Always starts it again and again.',
  objects: [pod({ name: 'exits-0', app: { command: sh('echo "nothing to do"; sleep 1; exit 0') } })],
  until: some('exits-0', restarted(3)),
  timeoutSeconds: 120,
  incidents: { 'exits-0': ['RestartedAfterExit0'] },
};
