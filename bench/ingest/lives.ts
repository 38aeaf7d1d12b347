import { randomUUID } from 'node:crypto';
import type { PodIdentity } from '../../domain/names.ts';
import type { ObservedChange } from '../../domain/pods/pod-change.ts';
import { projectPod } from '../../domain/pods/snapshot/project-pod.ts';
import { healthyLife } from '../pods/moments.ts';
import { podObject } from '../pods/pod-object.ts';

/** One pod and the changes of its life, in the batches that are sent together. */
export interface PodLife {
  readonly pod: PodIdentity;
  readonly phases: readonly (readonly ObservedChange[])[];
}

/** First appearance; scheduled until ready; asked to end until gone. Three signals for the eight changes. */
const phaseSizes = [1, 4, 3] as const;

/** Healthy pods of one to three containers that were created a minute ago, so that timers are set as they really are. */
export function buildLives(count: number): readonly PodLife[] {
  const createdMs = Date.now() - 60_000;
  return Array.from({ length: count }, (_, index) => {
    const uid = randomUUID();
    const shape = {
      namespace: 'shop',
      name: `checkout-${uid.slice(0, 8)}`,
      uid,
      containers: 1 + (index % 3),
      createdMs,
    };
    const changes = healthyLife.map((moment, step): ObservedChange => ({
      operation: moment.operation,
      observedAt: new Date(createdMs + moment.second * 1000 + 5).toISOString(),
      snapshot: projectPod(podObject({ shape, moment, version: 1000 + step })),
    }));
    const phases = phaseSizes.map((size, phase) => {
      const from = phaseSizes.slice(0, phase).reduce((sum, before) => sum + before, 0);
      return changes.slice(from, from + size);
    });
    return { pod: { namespace: shape.namespace, name: shape.name, uid }, phases };
  });
}
