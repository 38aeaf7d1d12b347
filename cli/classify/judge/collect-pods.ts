import { podFault } from '../../../domain/pods/snapshot/pod-fault.ts';
import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import { isTime } from '../../../domain/pods/snapshot/validation/checks.ts';
import type { SourcedObject } from '../read/object-finder.ts';

/** A pod to be judged: its last state in the source, and the one before where the source is a recording. */
export interface PodSubject {
  readonly source: string;
  readonly snapshot: PodSnapshot;
  readonly previous?: PodSnapshot;
  /** When the recording saw the last state. */
  readonly seenAt?: string;
  readonly deleted: boolean;
}

/** The pods of one source, in the order they first appear. */
export interface PodCollector {
  /** Takes a Pod in; gives the fault, beginning with its path, when it is malformed. */
  add(object: SourcedObject): string | undefined;
  pods(): Iterable<PodSubject>;
}

export function createPodCollector(): PodCollector {
  const subjects = new Map<string, PodSubject>();
  return {
    add({ value, path, change, source }) {
      const timeFault = change?.at === undefined ? undefined : isTime(change.at, 'at');
      if (timeFault !== undefined) return timeFault;
      const fault = podFault(value, { uid: 'optional' });
      if (fault !== undefined) return path === '' ? fault : `${path}.${fault}`;
      const snapshot = projectPod(value);
      // Each object of a plain file is a pod; in a recording those of one uid are states of one pod.
      const key = change === undefined ? `#${subjects.size}` : snapshot.uid || `${snapshot.namespace}/${snapshot.name}`;
      const before = subjects.get(key);
      subjects.set(key, {
        source,
        snapshot,
        deleted: change?.type === 'DELETED',
        ...(before === undefined ? {} : { previous: before.snapshot }),
        ...(change?.at === undefined ? {} : { seenAt: change.at }),
      });
      return undefined;
    },
    pods: () => subjects.values(),
  };
}
