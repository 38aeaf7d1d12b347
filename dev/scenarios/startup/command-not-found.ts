import { restarted, some } from '../conditions.ts';
import { pod } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const commandNotFound: Scenario = {
  name: 'command-not-found',
  description: 'The command is no program of the image, so the container can be made but never started (StartError).',
  objects: [pod({ name: 'command-not-found', app: { command: ['/bin/no-such-program'] } })],
  until: some('command-not-found', restarted(2)),
  incidents: { 'command-not-found': ['ContainerStartFailed'] },
};
