import { type PodIdentity, podWorkflowId } from '../../domain/names.ts';
import type { ObservedChange } from '../../domain/pods/pod-change.ts';
import { podStartAttributes } from '../../domain/pods/run/pod-run-attributes.ts';
import { podSummaryLine } from '../../domain/pods/run/pod-run-details.ts';
import { type AttributePair, searchAttributePairs } from '../../domain/search-attributes.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import type { PodLifecycleInput } from '../../workflows/pod-lifecycle.messages.ts';

/** What every run of a pod is given, whoever starts it. */
export type PodRunSettings = Pick<
  PodLifecycleInput,
  'classificationTimeoutMs' | 'failedRetentionSeconds' | 'idleCheckSeconds'
>;

export interface PodRunStartOptions {
  readonly cluster: string;
  readonly pod: PodIdentity;
  readonly runSettings: PodRunSettings;
  /** The first change with an object. */
  readonly first: ObservedChange;
}

export interface PodRunStart {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: PodLifecycleInput;
  readonly staticSummary: string;
  readonly typedSearchAttributes: AttributePair[];
}

/** How the run of a pod is started: its id, its input, and what the Temporal UI shows from the first moment. */
export function podRunStart({ cluster, pod, runSettings, first }: PodRunStartOptions): PodRunStart {
  const { classificationTimeoutMs, failedRetentionSeconds, idleCheckSeconds } = runSettings;
  return {
    workflowId: podWorkflowId(cluster, pod),
    taskQueue: taskQueues.pods,
    input: { cluster, pod, classificationTimeoutMs, failedRetentionSeconds, idleCheckSeconds },
    staticSummary: podSummaryLine(first.snapshot),
    typedSearchAttributes: searchAttributePairs(podStartAttributes({ cluster, change: first })),
  };
}
