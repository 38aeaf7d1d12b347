import { sessionImage } from '../../../../dev/environment/node/image/session-image.ts';
import type { SessionClass } from '../../../../domain/sessions/session-class.ts';

/** A class for the real node of an environment. */
export function realClass(changes: Partial<SessionClass> = {}): SessionClass {
  return {
    name: 'default',
    image: sessionImage,
    port: 8080,
    resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
    env: { SESSION_TESTS: '1' },
    probePath: '/healthz',
    idleTimeoutSeconds: 6,
    maxLifetimeSeconds: 300,
    holdSeconds: 30,
    drainSeconds: 5,
    bodyLimitBytes: 1_048_576,
    identity: 'native',
    openSocketIsActive: true,
    busyPath: null,
    nodeSelector: {},
    tolerations: [],
    ...changes,
  };
}

/** A class for simulated nodes, whose pods the stand-in answers for. */
export function simulatedClass(standInPort: number, changes: Partial<SessionClass> = {}): SessionClass {
  return realClass({
    port: standInPort,
    nodeSelector: { type: 'kwok' },
    tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists', effect: 'NoSchedule' }],
    ...changes,
  });
}
