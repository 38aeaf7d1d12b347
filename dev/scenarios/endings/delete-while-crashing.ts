import { isGone, restarted, some } from '../conditions.ts';
import { pod, sh } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const deleteWhileCrashing: Scenario = {
  name: 'delete-while-crashing',
  description: 'A pod that crashed with 5 before anyone deleted it is then deleted: the crash stays a crash.',
  objects: [pod({ name: 'delete-while-crashing', app: { command: sh('sleep 1; exit 5') } })],
  steps: [
    {
      description: 'delete it after its first restart',
      when: some('delete-while-crashing', restarted(1)),
      action: { type: 'delete', target: podNamed('delete-while-crashing') },
    },
  ],
  until: some('delete-while-crashing', isGone),
  incidents: { 'delete-while-crashing': ['AppError'] },
};
