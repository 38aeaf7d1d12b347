import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { reclassifyResult, reclassifyRun } from '../../domain/pods/run/reclassify-run.ts';
import { closedResult, reclassifyClosed } from '../../domain/replay/reclassify-closed.ts';
import type { TryAnswer } from '../../domain/replay/replay.ts';
import { reclassifyInputsQuery } from '../../workflows/pod-lifecycle.messages.ts';
import { askTemporal } from './ask/ask-temporal.ts';
import { readFailedRun } from './ask/read-failed-run.ts';
import { findReclassification, sayStranger } from './ask/find-reclassification.ts';
import { type ReclassifyDependencies, tryNow } from './reclassify-closed-run.ts';
import { refuseForeignCluster } from '../refuse-foreign-cluster.ts';

export interface PreviewInput {
  readonly cluster: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly open: boolean;
}

/** Tells what trying a run again would bring, with the rules in force now. Reads only: neither the run nor anything else is changed. */
export function createPreviewReclassification(dependencies: ReclassifyDependencies) {
  const { client, cluster, rules } = dependencies;
  return async function previewReclassification(input: PreviewInput): Promise<TryAnswer> {
    refuseForeignCluster({ asked: input.cluster, served: cluster });
    return input.open ? await previewOpen(input) : await previewClosed(input);
  };

  async function previewOpen({ workflowId }: PreviewInput): Promise<TryAnswer> {
    const handle = client.workflow.getHandle(workflowId);
    try {
      const inputs = await askTemporal(client, () => handle.query(reclassifyInputsQuery));
      const { now, ...options } = tryNow(rules());
      const whole = { ...inputs, now };
      return { kind: 'tried', result: reclassifyResult(whole, reclassifyRun(whole, options)) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { kind: 'gone', reason: 'Temporal keeps this run no longer' };
      if (error instanceof QueryNotRegisteredError) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }

  async function previewClosed({ workflowId, runId }: PreviewInput): Promise<TryAnswer> {
    const earlier = await findReclassification({ client, cluster, podWorkflowId: workflowId });
    if (earlier?.status === 'COMPLETED') {
      const { stranger } = earlier;
      return stranger === undefined ? { kind: 'already-fixed' } : { kind: 'refused', reason: sayStranger(stranger) };
    }
    const left = await readFailedRun({ client, workflowId, runId });
    if ('gone' in left) return { kind: 'gone', reason: left.gone };
    return { kind: 'tried', result: closedResult(reclassifyClosed(left, tryNow(rules()))) };
  }
}
