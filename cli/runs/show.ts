import type { WorkflowExecutionInfo } from '@temporalio/client';
import {
  podLifecycleType,
  type PodState,
  podStateQuery,
  type PodTimeline,
  podTimelineQuery,
} from '../../workflows/pod-lifecycle.messages.ts';
import { watchPodsType } from '../../workflows/watch-pods.messages.ts';
import { printTable } from '../output.ts';
import { type TemporalTarget, withTemporal } from '../temporal-target.ts';
import { showWatch } from '../watch/show-watch.ts';
import { type RunRow, runRow } from '../../platform/temporal/runs/run-row.ts';
import { quoted, visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';

/** Prints one run whole: a pod's state, verdict and timeline, or a watch's status. */
export async function showRun(options: { readonly run: string; readonly output: 'table' | 'json' }): Promise<void> {
  await withTemporal(async (target) => {
    const [info, ...earlier] = await findRuns(target, options.run);
    if (info === undefined) {
      throw new Error(`There is no run "${options.run}". "podkeeper runs list" shows the runs there are.`);
    }
    if (info.type === watchPodsType) {
      await showWatch(target, { workflowId: info.workflowId, output: options.output });
      return;
    }
    if (info.type !== podLifecycleType)
      throw new Error(`"${options.run}" is a ${info.type}; only pod and watch runs can be shown.`);
    const handle = target.client.workflow.getHandle(info.workflowId, info.runId);
    const state = await handle.query(podStateQuery);
    const timeline = await handle.query(podTimelineQuery);
    const row = runRow(info, target.runUrl(info.workflowId, info.runId));
    if (options.output === 'json') console.log(JSON.stringify({ run: row, state, timeline }));
    else print({ row, state, timeline, earlier: earlier.map(({ workflowId }) => workflowId) });
  });
}

/** By id, or the runs of all pods that ever had a name, newest first. */
export async function findRuns({ client }: TemporalTarget, run: string): Promise<WorkflowExecutionInfo[]> {
  const [namespace, pod, ...rest] = run.split('/');
  const query =
    pod !== undefined && rest.length === 0
      ? visibilityQuery({ type: podLifecycleType, namespace: namespace ?? '', pod })
      : `WorkflowId = ${quoted(run)}`;
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query, pageSize: 20 })) if (found.push(info) === 20) break;
  return found;
}

interface Shown {
  readonly row: RunRow;
  readonly state: PodState;
  readonly timeline: PodTimeline;
  readonly earlier: readonly string[];
}

function print({ row, state, timeline, earlier }: Shown): void {
  const { verdict, snapshot } = state;
  console.log(`${row.workflowId}  (${row.status.toLowerCase()}, started ${row.startedAt})`);
  if (row.url !== null) console.log(row.url);
  const counts = Object.entries(state.operations).map(([operation, count]) => `${count} ${operation}`);
  console.log(`Node ${snapshot?.nodeName ?? 'none yet'}, ${state.restarts} restarts, changes: ${counts.join(', ')}`);
  if (verdict !== null) {
    console.log(
      `\n${state.gone ? 'Gone; last seen ' : ''}${verdict.health}${verdict.primary === null ? '' : `, ${verdict.primary}`}`,
    );
    for (const { severity, confidence, summary, remedy, evidence } of verdict.findings) {
      console.log(`  ${severity} (${confidence}): ${summary}`);
      for (const { source, path, value } of evidence) console.log(`    evidence: ${source} ${path ?? ''} = ${value}`);
      if (remedy !== undefined) console.log(`    what to do: ${remedy}`);
    }
  }
  console.log(timeline.dropped === 0 ? '' : `\n${timeline.dropped} older entries are no longer kept.`);
  printTable(timeline.entries, [
    { title: 'OBSERVED', value: ({ observedAt }) => observedAt },
    { title: 'TASK', value: ({ taskName }) => taskName },
    { title: 'VERSION', value: ({ version }) => version },
    { title: 'HEALTH', value: ({ health }) => health },
    { title: 'CAUSE', value: ({ primary }) => primary ?? '' },
    { title: 'TRANSITIONS', value: ({ transitions }) => transitions.map(({ type }) => type).join(', ') },
  ]);
  if (earlier.length > 0) console.log(`\nEarlier pods of this name:\n${earlier.map((id) => `  ${id}`).join('\n')}`);
}
