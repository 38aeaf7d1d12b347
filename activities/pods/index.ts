import { type ClassifyPodDependencies, createClassifyPod } from './classify-pod.ts';
import { createFindPod, type GetPod } from './find-pod.ts';
import { createReclassifyPod } from './reclassify-pod.ts';

export interface PodActivityDependencies extends ClassifyPodDependencies {
  /** The cluster `getPod` asks; work for another one is refused. */
  readonly cluster: string;
  readonly getPod: GetPod;
}

/** The activities of `podLifecycle`. */
export function createPodActivities({ metrics, rules, cluster, getPod }: PodActivityDependencies) {
  return {
    classifyPod: createClassifyPod({ metrics, rules }),
    reclassifyPod: createReclassifyPod({ metrics, rules }),
    findPod: createFindPod({ cluster, getPod }),
  };
}

export type PodActivities = ReturnType<typeof createPodActivities>;
