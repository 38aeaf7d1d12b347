import { isObserved, type PodChange } from './pod-change.ts';
import type { PodSnapshot } from './snapshot/pod-snapshot.ts';
import { deleted, terminating } from './transitions/deletion.ts';
import { containersStarted, finished, readiness, scheduled } from './transitions/progress.ts';
import { restarts } from './transitions/restarts.ts';
import { specChanged } from './transitions/spec-change.ts';
import type { Step, Transition } from './transitions/types.ts';

export type { Transition } from './transitions/types.ts';

/**
 * The transitions between the previous snapshot of a pod and a change of it, in the order a pod goes through them. `at`
 * is the time the object proves, else when the change was observed. Without a previous snapshot (first appearance,
 * adopted pods) it gives what the state proves. A previous snapshot of another uid is not looked at.
 */
export function podTransitions({
  previous,
  change,
}: {
  readonly previous?: PodSnapshot | undefined;
  readonly change: PodChange;
}): Transition[] {
  if (!isObserved(change)) {
    // A pod that left the watch's scope lives on; nothing about it is known to have changed.
    return change.operation === 'delete' ? [{ type: 'Deleted', at: change.observedAt, mode: 'inferred' }] : [];
  }
  const { snapshot, observedAt, operation } = change;
  const step: Step = { previous: previous?.uid === snapshot.uid ? previous : undefined, snapshot, observedAt };
  return [
    ...scheduled(step),
    ...containersStarted(step),
    ...restarts(step),
    ...readiness(step),
    ...specChanged(step),
    ...terminating(step),
    ...finished(step),
    ...(operation === 'delete' ? [deleted(step)] : []),
  ];
}
