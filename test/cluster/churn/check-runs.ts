import type { Client } from '@temporalio/client';
import { podWorkflowId } from '../../../domain/names.ts';
import { projectPod } from '../../../domain/pods/snapshot/project-pod.ts';
import { sameSnapshot } from '../../../domain/pods/snapshot/same-snapshot.ts';
import type { WatchGap } from '../../../domain/pods/watch/watch-checkpoint.ts';
import { podStateQuery, podTimelineQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import type { PodWrite } from '../../helpers/etcd-witness.ts';

export interface RunCheck {
  readonly faults: readonly string[];
  readonly pods: number;
  readonly versions: number;
  readonly inferredDeletes: number;
  readonly excusedByGap: number;
}

/**
 * Compares what the runs say with what etcd saw: every pod has exactly one run, which is closed; each version that
 * changed the snapshot is in its timeline exactly once, in order, unless a recorded gap covers it; nothing is in a
 * timeline that etcd did not see; operations are complete.
 */
export async function checkRuns(options: {
  readonly client: Client;
  readonly cluster: string;
  readonly writes: readonly PodWrite[];
  readonly gaps: readonly WatchGap[];
}): Promise<RunCheck> {
  const { client, cluster, writes, gaps } = options;
  const faults: string[] = [];
  const counts = { versions: 0, inferredDeletes: 0, excusedByGap: 0 };
  const inGap = (version: number): boolean =>
    gaps.some(({ fromVersion, toVersion }) => Number(fromVersion) < version && version <= Number(toVersion));
  const byPod = Map.groupBy(writes, ({ uid }) => uid);
  for (const [uid, life] of byPod) {
    const { namespace, name } = life[0]!;
    const workflowId = podWorkflowId(cluster, { namespace, name, uid });
    const runs: string[] = [];
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run.status.name);
    if (runs.length === 0 && life.every(({ version }) => inGap(version))) {
      counts.excusedByGap += 1;
      continue;
    }
    const handle = client.workflow.getHandle(workflowId);
    const { status, raw } = await handle.describe();
    if (runs.length !== 1 || status.name !== 'COMPLETED') {
      const task = JSON.stringify(raw.pendingWorkflowTask ?? null);
      faults.push(`${name}: ${runs.length} runs (${runs.join()}), the last ${status.name}, workflow task ${task}`);
      continue;
    }
    const { entries, dropped } = await handle.query(podTimelineQuery);
    const { operations, failed } = await handle.query(podStateQuery);
    const seen = entries.filter(({ operation }) => operation !== 'review').map(({ version }) => Number(version));
    const inferred = entries.some(({ transitions }) =>
      transitions.some((t) => t.type === 'Deleted' && t.mode === 'inferred'),
    );
    if (dropped > 0) faults.push(`${name}: ${dropped} entries were dropped, the check cannot see them`);
    if (failed > 0) faults.push(`${name}: ${failed} changes could not be classified`);
    if (operations.add !== 1 || operations.delete !== 1)
      faults.push(`${name}: operations ${JSON.stringify(operations)}`);
    if (seen.some((version, index) => index > 0 && version <= seen[index - 1]!)) {
      faults.push(`${name}: versions not in order or twice: ${seen.join()}`);
    }
    const stored = new Set(life.map(({ version }) => version));
    // An inferred delete carries the version of the list that no longer had the pod, which etcd did not write for it.
    const invented = seen.filter((version) => !stored.has(version)).slice(0, inferred ? -1 : undefined);
    if (invented.length > 0) faults.push(`${name}: versions etcd never wrote: ${invented.join()}`);
    const lost = changingVersions(life).filter((version) => !seen.includes(version) && !inGap(version));
    if (lost.length > 0)
      faults.push(`${name}: versions lost outside every gap: ${lost.join()} of ${[...stored].join()}`);
    if (inferred) counts.inferredDeletes += 1;
    counts.versions += seen.length;
  }
  return { faults, pods: byPod.size, ...counts };
}

/** The versions that altered the snapshot; the others are counted and dropped by the watch. */
function changingVersions(life: readonly PodWrite[]): number[] {
  return life
    .filter(({ object, deleted }, index) => {
      const before = life[index - 1];
      return deleted || before === undefined || !sameSnapshot(projectPod(before.object), projectPod(object));
    })
    .map(({ version }) => version);
}
