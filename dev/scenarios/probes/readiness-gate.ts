import { isRunning, some } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const readinessGate: Scenario = {
  name: 'readiness-gate',
  description: 'The container is ready, but a condition that the pod names as a readiness gate is never set.',
  objects: [
    pod({
      name: 'readiness-gate',
      readinessGates: [{ conditionType: 'podkeeper.dev/registered' }],
      app: { command: stays },
    }),
  ],
  until: some('readiness-gate', isRunning),
  incidents: { 'readiness-gate': [] },
};
