import type { Metrics } from '../../platform/metrics.ts';
import { createClassifyPod } from './classify-pod.ts';
import { createFindPod, type GetPod } from './find-pod.ts';

export interface PodActivityDependencies {
  readonly metrics: Metrics;
  readonly getPod: GetPod;
}

/** The activities of `podLifecycle`. */
export function createPodActivities({ metrics, getPod }: PodActivityDependencies) {
  return { classifyPod: createClassifyPod(metrics), findPod: createFindPod(getPod) };
}

export type PodActivities = ReturnType<typeof createPodActivities>;
