import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const oom: Scenario = {
  name: 'oom',
  description:
    'The process itself asks for 64 MB with a limit of 16 MiB; the kernel kills it, again after each restart.',
  objects: [
    pod({
      name: 'oom',
      app: {
        command: sh('echo "loading the index"; sleep 2; exec dd if=/dev/zero of=/dev/null bs=64M'),
        resources: { limits: { memory: '16Mi' } },
      },
    }),
  ],
  until: some('oom', restarted(2)),
  incidents: { oom: ['OOMKilled'] },
};
