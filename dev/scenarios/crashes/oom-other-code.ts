import { inPhase, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const oomOtherCode: Scenario = {
  name: 'oom-other-code',
  description: 'A child of the process runs out of memory; its parent, not killed, notices and ends with 2.',
  objects: [
    pod({
      name: 'oom-other-code',
      restartPolicy: 'Never',
      app: {
        command: sh('dd if=/dev/zero of=/dev/null bs=64M; echo "the worker died"; exit 2'),
        resources: { limits: { memory: '16Mi' } },
      },
    }),
  ],
  until: some('oom-other-code', inPhase('Failed')),
  incidents: { 'oom-other-code': ['OOMKilled'] },
};
