import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { parsePodWorkflowId } from '../../domain/names.ts';
import type { TimelineEntry } from '../../domain/pods/run/pod-run.ts';
import { searchAttributes } from '../../domain/search-attributes.ts';
import {
  podLifecycleType,
  type PodState,
  podStateQuery,
  podTimelineQuery,
} from '../../workflows/pod-lifecycle.messages.ts';

/** The run of one pod, as Temporal shows it. */
export interface DemoRun {
  readonly uid: string;
  readonly pod: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string;
  /** Temporal's word: RUNNING, COMPLETED, FAILED … */
  readonly status: string;
  readonly state: PodState;
  /** Every classification seen so far; a run keeps the newest only. */
  readonly timeline: readonly TimelineEntry[];
}

export interface RunsInput {
  readonly client: Client;
  readonly cluster: string;
  readonly namespace: string;
  readonly temporal: { readonly uiUrl: string; readonly namespace: string };
  /** Runs that were there before the demo began. */
  readonly before: ReadonlySet<string>;
}

/** Reads the runs of the demo's pods again and again; keeps what it has read of each. */
export function createRunReader(input: RunsInput) {
  const known = new Map<string, DemoRun>();

  async function read(info: WorkflowExecutionInfo): Promise<void> {
    const pod = parsePodWorkflowId(input.cluster, info.workflowId);
    const earlier = known.get(info.runId);
    if (pod === undefined || earlier?.status === 'COMPLETED') return;
    const handle = input.client.workflow.getHandle(info.workflowId, info.runId);
    const [state, { entries }] = await Promise.all([handle.query(podStateQuery), handle.query(podTimelineQuery)]);
    known.set(info.runId, {
      uid: pod.uid,
      pod: pod.name,
      workflowId: info.workflowId,
      runId: info.runId,
      url: runUrl(input.temporal, info.workflowId, info.runId),
      status: info.status.name,
      state,
      timeline: merge(earlier?.timeline ?? [], entries),
    });
  }

  return async function readRuns(): Promise<readonly DemoRun[]> {
    const infos = await listPodRuns(input);
    await Promise.all(infos.filter(({ runId }) => !input.before.has(runId)).map(read));
    return [...known.values()];
  };
}

/** All runs of pods in the demo's namespace, as visibility lists them. */
export async function listPodRuns(input: Omit<RunsInput, 'before' | 'temporal'>): Promise<WorkflowExecutionInfo[]> {
  const query =
    `WorkflowType = '${podLifecycleType}' AND ${searchAttributes.cluster.name} = '${input.cluster}' ` +
    `AND ${searchAttributes.namespace.name} = '${input.namespace}'`;
  const infos: WorkflowExecutionInfo[] = [];
  for await (const info of input.client.workflow.list({ query })) infos.push(info);
  return infos;
}

function runUrl(temporal: RunsInput['temporal'], workflowId: string, runId: string): string {
  return `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/user-metadata`;
}

function merge(earlier: readonly TimelineEntry[], newest: readonly TimelineEntry[]): TimelineEntry[] {
  const key = ({ attempt, version, operation }: TimelineEntry) => `${attempt}/${version}/${operation}`;
  return [...new Map([...earlier, ...newest].map((entry) => [key(entry), entry])).values()];
}
