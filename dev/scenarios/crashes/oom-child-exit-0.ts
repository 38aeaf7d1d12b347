import { inPhase, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const oomChildExit0: Scenario = {
  name: 'oom-child-exit-0',
  description:
    'A child of the process runs out of memory; its parent goes on and finishes with 0, so the pod succeeds.',
  objects: [
    pod({
      name: 'oom-child-exit-0',
      restartPolicy: 'Never',
      app: {
        command: sh('dd if=/dev/zero of=/dev/null bs=64M; echo "went on without it"; exit 0'),
        resources: { limits: { memory: '16Mi' } },
      },
    }),
  ],
  until: some('oom-child-exit-0', inPhase('Succeeded')),
  incidents: { 'oom-child-exit-0': [] },
};
