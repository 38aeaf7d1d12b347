import { restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const segfault: Scenario = {
  name: 'segfault',
  description:
    'The process dies of signal 11. The process namespace is shared, because process 1 ignores its own signals.',
  objects: [
    pod({
      name: 'segfault',
      shareProcessNamespace: true,
      app: { command: sh("sleep 1; exec sh -c 'read -r pid rest < /proc/self/stat; kill -SEGV $pid; sleep 5'") },
    }),
  ],
  until: some('segfault', restarted(1)),
  incidents: { segfault: ['Signalled'] },
};
