import type { SeenPod } from '../scenarios/scenario.ts';

/** What the demo looks at in a pod it has seen. */
export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  /** Of all its containers. */
  readonly restarts: number;
}

export function podFacts({ pod: { metadata, status } }: SeenPod): PodFacts {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    phase: status?.phase ?? '',
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
  };
}
