import type { ReclassifyInput, ReclassifyOutput } from '../../domain/pods/run/reclassification.ts';
import { reclassifyRun } from '../../domain/pods/run/reclassify-run.ts';
import { type ClassifyPodDependencies, countNewFindings } from './classify-pod.ts';

/**
 * Tries a run's failures again and judges its pod anew, with the rules in force now. What fails again is part of the
 * outcome, not a failure of the activity. Pure but for the clock and metrics.
 */
export function createReclassifyPod({ metrics, rules }: ClassifyPodDependencies) {
  return async function reclassifyPod(input: ReclassifyInput): Promise<ReclassifyOutput> {
    const startedMs = performance.now();
    const elapsedMs = (): number => Math.round((performance.now() - startedMs) * 1000) / 1000;
    const output = reclassifyRun(input, { rules: rules(), elapsedMs });
    let current = input.verdict;
    for (const tried of output.retried) {
      metrics.classifications.inc({ result: tried.fixed ? 'classified' : 'failed' });
      if (!tried.fixed || !tried.advances) continue;
      countNewFindings(metrics, { current }, tried.batch);
      current = tried.batch.verdict;
    }
    if (output.review !== null) countNewFindings(metrics, { current }, output.review);
    return await Promise.resolve(output);
  };
}
