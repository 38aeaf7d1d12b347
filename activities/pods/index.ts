import type { Metrics } from '../../platform/metrics.ts';
import { createClassifyPod } from './classify-pod.ts';
import { createFindPod, type GetPod } from './find-pod.ts';

export interface PodActivityDependencies {
  readonly metrics: Metrics;
  /** The cluster `getPod` asks; work for another one is refused. */
  readonly cluster: string;
  readonly getPod: GetPod;
}

/** The activities of `podLifecycle`. */
export function createPodActivities({ metrics, cluster, getPod }: PodActivityDependencies) {
  return { classifyPod: createClassifyPod(metrics), findPod: createFindPod({ cluster, getPod }) };
}

export type PodActivities = ReturnType<typeof createPodActivities>;
