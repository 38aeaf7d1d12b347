import { ended, inPhase, some } from '../conditions.ts';
import { container, podSpec, sh } from '../manifests/pod.ts';
import { roleLabel } from '../role.ts';
import type { Scenario } from '../scenario.ts';

export const sidecarFailsLate: Scenario = {
  name: 'sidecar-fails-late',
  description: 'A Job finishes with 0; then its sidecar is stopped and ends with 1, which means nothing.',
  objects: [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'report' },
      spec: {
        template: {
          metadata: { labels: { [roleLabel]: 'report' } },
          spec: podSpec({
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: 5,
            initContainers: [
              container({
                name: 'proxy',
                restartPolicy: 'Always',
                command: sh('trap "exit 1" TERM; while true; do sleep 0.2; done'),
              }),
            ],
            app: { command: sh('echo "report written"; sleep 2; exit 0') },
          }),
        },
      },
    },
  ],
  until: some('report', (seen) => inPhase('Succeeded')(seen) && ended(({ exitCode }) => exitCode === 1)(seen)),
  incidents: { report: [] },
};
