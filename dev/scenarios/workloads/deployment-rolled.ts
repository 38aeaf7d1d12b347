import type { Manifest } from '../../kubernetes/manifest.ts';
import { all, isGone, isReady, some } from '../conditions.ts';
import { podSpec, stays } from '../manifests/pod.ts';
import { roleLabel } from '../role.ts';
import type { Scenario } from '../scenario.ts';

/** The same Deployment twice: the second has another template, so that applying it rolls the pods. */
function web(role: string): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web', [roleLabel]: role } },
        spec: podSpec({
          // Process 1 would ignore SIGTERM; here that is the pause program.
          shareProcessNamespace: true,
          terminationGracePeriodSeconds: 10,
          app: { command: stays },
        }),
      },
    },
  };
}

export const deploymentRolled: Scenario = {
  name: 'deployment-rolled',
  description: 'A Deployment of two pods gets a new template: two new pods come, the two old ones are stopped.',
  objects: [web('web-old')],
  steps: [
    {
      description: 'roll the Deployment',
      when: some('web-old', isReady, 2),
      action: { type: 'apply', manifest: web('web-new') },
    },
  ],
  until: all(some('web-new', isReady, 2), some('web-old', isGone, 2)),
  incidents: { 'web-old': [], 'web-new': [] },
};
