import type { InferredDelete, LeftScope, ObservedChange, PodOperation } from '../../domain/pods/pod-change.ts';
import type { PodSnapshot } from '../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../domain/pods/snapshot/project-pod.ts';
import { at, buildPod, deleting, finallyDeleted, type PodParts, terminated, waiting } from './pods.ts';

export interface SnapshotParts extends PodParts {
  readonly version?: string | number;
  readonly namespace?: string;
}

/** A real snapshot: a Pod object of the builders through the projection. */
export function podSnapshot({ version = '100', namespace, metadata, ...parts }: SnapshotParts = {}): PodSnapshot {
  const own = { resourceVersion: String(version), ...(namespace === undefined ? {} : { namespace }) };
  return projectPod(buildPod({ ...parts, metadata: { ...own, ...metadata } }));
}

export interface ChangeParts extends SnapshotParts {
  readonly operation?: PodOperation;
  /** Seconds from `podNow`. */
  readonly observed?: number;
}

export function observedChange({ operation = 'update', observed = 0, ...parts }: ChangeParts = {}): ObservedChange {
  return { operation, observedAt: at(observed), snapshot: podSnapshot(parts) };
}

export function inferredDelete(version: string | number = '900', observed = 0): InferredDelete {
  return { operation: 'delete', inferred: true, observedAt: at(observed), version: String(version) };
}

export function leftScope(version: string | number = '800', observed = 0): LeftScope {
  return { operation: 'leftScope', observedAt: at(observed), version: String(version) };
}

/** A change as something broken might send it: its containers are no list. */
export function malformedChange(version: string | number = '300'): ObservedChange {
  const change = observedChange({ version });
  return { ...change, snapshot: { ...change.snapshot, containers: null } as unknown as PodSnapshot };
}

const pending = { phase: 'Pending', containers: [{ state: waiting('ContainerCreating') }] } as const;

/** A pod that starts, runs, and is deleted gracefully; versions 10, 20 … */
export function healthyLife(pod: Pick<PodParts, 'name' | 'uid'> & { readonly namespace?: string } = {}) {
  return [
    observedChange({ ...pod, ...pending, operation: 'add', version: 10, observed: -3690 }),
    observedChange({ ...pod, version: 20, observed: -3600 }),
    observedChange({ ...pod, version: 30, observed: 0, metadata: deleting(0) }),
    observedChange({ ...pod, operation: 'delete', version: 40, observed: 2, metadata: finallyDeleted(2) }),
  ];
}

/** A container that exits with 3 twice and waits in its back-off, and is then deleted; versions 10, 20 … */
export function crashingLife(pod: Pick<PodParts, 'name' | 'uid'> & { readonly namespace?: string } = {}) {
  const crash = terminated({ exitCode: 3 });
  const young = {
    status: { startTime: at(-122) },
    conditions: { PodScheduled: { status: 'True', lastTransitionTime: at(-122) } },
  };
  const backOff = waiting('CrashLoopBackOff', 'back-off 10s restarting failed container');
  return [
    observedChange({ ...pod, ...pending, ...young, operation: 'add', version: 10, observed: -120 }),
    observedChange({ ...pod, version: 20, observed: -60, containers: [{ state: crash }] }),
    observedChange({
      ...pod,
      version: 30,
      observed: -50,
      containers: [{ state: backOff, lastState: crash, restarts: 1 }],
    }),
    observedChange({ ...pod, operation: 'delete', version: 40, observed: 0, metadata: finallyDeleted(0) }),
  ];
}

/** A pod that will have been starting for too long two seconds after `now`. */
export function stalledStart(pod: Pick<PodParts, 'name' | 'uid'>, now: Date): ObservedChange {
  const scheduledAt = new Date(now.getTime() - 298_000).toISOString();
  const snapshot = podSnapshot({
    ...pod,
    ...pending,
    version: now.getTime(),
    conditions: { PodScheduled: { status: 'True', lastTransitionTime: scheduledAt } },
    metadata: { creationTimestamp: scheduledAt },
    status: { startTime: scheduledAt },
  });
  return { operation: 'add', observedAt: now.toISOString(), snapshot };
}
