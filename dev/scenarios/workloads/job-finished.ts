import { inPhase, some } from '../conditions.ts';
import { podSpec, sh } from '../manifests/pod.ts';
import { roleLabel } from '../role.ts';
import type { Scenario } from '../scenario.ts';

export const jobFinished: Scenario = {
  name: 'job-finished',
  description: 'A Job writes its report and finishes with 0.',
  objects: [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'report' },
      spec: {
        template: {
          metadata: { labels: { [roleLabel]: 'report' } },
          spec: podSpec({ restartPolicy: 'Never', app: { command: sh('echo "report written"; sleep 2; exit 0') } }),
        },
      },
    },
  ],
  until: some('report', inPhase('Succeeded')),
  incidents: { report: [] },
};
