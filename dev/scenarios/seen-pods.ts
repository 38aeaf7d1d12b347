import type { RawChange } from '../kubernetes/watch.ts';
import { roleOf } from './role.ts';
import type { SeenPod } from './scenario.ts';

/** Keeps what a watch has shown of each pod, the deleted ones too, in the order of their first appearance. */
export function createSeenPods() {
  const pods = new Map<string, SeenPod>();
  return {
    take({ type, object }: RawChange): void {
      const pod = object as unknown as SeenPod['pod'];
      pods.set(object.metadata.uid, { role: roleOf(pod), pod, deleted: type === 'DELETED' });
    },
    list: (): readonly SeenPod[] => [...pods.values()],
  };
}
