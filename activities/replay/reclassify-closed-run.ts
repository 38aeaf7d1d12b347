import type { Client } from '@temporalio/client';
import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import { type ReclassifiedPod, reclassifyClosed } from '../../domain/replay/reclassify-closed.ts';
import type { ReclassifyClosedInput } from '../../workflows/reclassify.messages.ts';
import { failure } from '../failure.ts';
import { readFailedRun } from './ask/read-failed-run.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

export interface ReclassifyDependencies {
  readonly client: Client;
  readonly cluster: string;
  /** The user rules in force now. */
  readonly rules: () => CompiledRules;
}

/**
 * Tries again what a closed run left in its failure. Throws `not_found` when it left nothing; what still can't be classified is
 * told in the result.
 */
export function createReclassifyClosedRun({ client, cluster, rules }: ReclassifyDependencies) {
  return async function reclassifyClosedRun({
    cluster: asked,
    workflowId,
    runId,
  }: Pick<ReclassifyClosedInput, 'cluster' | 'workflowId' | 'runId'>): Promise<ReclassifiedPod> {
    refuseForeignCluster({ asked, served: cluster });
    const left = await readFailedRun({ client, workflowId, runId });
    if ('gone' in left) throw failure('not_found', left.gone);
    return reclassifyClosed(left, tryNow(rules()));
  };
}

/** With the present rules and the present time. */
export function tryNow(rules: CompiledRules) {
  const startedMs = performance.now();
  return {
    rules,
    now: new Date().toISOString(),
    elapsedMs: () => Math.round((performance.now() - startedMs) * 1000) / 1000,
  };
}
