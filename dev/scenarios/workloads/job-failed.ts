import { inPhase, some } from '../conditions.ts';
import { podSpec, sh } from '../manifests/pod.ts';
import { roleLabel } from '../role.ts';
import type { Scenario } from '../scenario.ts';

export const jobFailed: Scenario = {
  name: 'job-failed',
  description:
    'Both attempts of a Job end with 1. What its pods alone show are failed attempts, not that the Job gave up.',
  objects: [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'import' },
      spec: {
        backoffLimit: 1,
        template: {
          metadata: { labels: { [roleLabel]: 'import' } },
          spec: podSpec({ restartPolicy: 'Never', app: { command: sh('echo "no input" >&2; sleep 1; exit 1') } }),
        },
      },
    },
  ],
  until: some('import', inPhase('Failed'), 2),
  incidents: { import: [] },
};
