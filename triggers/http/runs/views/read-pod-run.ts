import type { WorkflowHandle } from '@temporalio/client';
import {
  type PodState,
  podStateQuery,
  type PodTimeline,
  podTimelineQuery,
  reclassifyInputsQuery,
} from '../../../../workflows/pod-lifecycle.messages.ts';

/** What a pod's run knows, as the HTTP API and the CLI show it. */
export interface PodRunView {
  readonly state: PodState;
  readonly timeline: PodTimeline;
  readonly failures: PodRunFailures;
}

/** The failed classifications a run keeps, oldest first, without their inputs. */
export interface PodRunFailures {
  readonly count: number;
  readonly items: readonly PodRunFailure[];
}

interface PodRunFailure {
  readonly failedAt: string;
  readonly reason: string;
  /** The user rule that made it fail. */
  readonly rule: string | null;
  readonly changes: number;
}

/** Asks the run of a pod, open or closed; a pod worker has to answer. */
export async function readPodRun(handle: Pick<WorkflowHandle, 'query'>): Promise<PodRunView> {
  const state = await handle.query(podStateQuery);
  const timeline = await handle.query(podTimelineQuery);
  const { failures } = state.failed === 0 ? { failures: [] } : await handle.query(reclassifyInputsQuery);
  return {
    state,
    timeline,
    failures: {
      count: failures.length,
      items: failures.map(({ failedAt, reason, rule, changes }) => ({
        failedAt,
        reason,
        rule: rule ?? null,
        changes: changes.length,
      })),
    },
  };
}
