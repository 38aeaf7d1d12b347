import { setTimeout as sleep } from 'node:timers/promises';
import { podWorkflowId } from '../../domain/names.ts';
import { podStateQuery } from '../../workflows/pod-lifecycle.messages.ts';
import { type BillableActions, countBillableActions, totalActions } from './billable-actions.ts';
import { buildLives } from './lives.ts';
import type { RoundOptions } from './measure.ts';
import { liveNaively } from './naive-way.ts';
import { createOurWay } from './our-way.ts';
import { untilCompleted } from './until-completed.ts';

/**
 * Lets one healthy pod live both ways, unhurried: each signal finds its run idle, as in a cluster, where under load two of
 * them may share a workflow task. The naive number is the sum over its eight runs.
 */
export async function countActionsPerLife({
  workflow,
  cluster,
  config,
  signal,
}: Omit<RoundOptions, 'pods'>): Promise<{ readonly ours: BillableActions; readonly naive: number }> {
  const lives = buildLives(1);
  const [life] = lives;
  if (life === undefined) throw new Error('There is no life to count.');
  const handle = workflow.getHandle(podWorkflowId(cluster, life.pod));
  const untilClassified = async (changes: number): Promise<void> => {
    while ((await handle.query(podStateQuery)).classified < changes) {
      await sleep(50);
      signal.throwIfAborted();
    }
  };
  await createOurWay({ workflow, cluster, config }).live(life, untilClassified);

  const prefix = `naive/${cluster}/`;
  const versions = life.phases.flat().map(({ snapshot }) => snapshot.version);
  await liveNaively({ workflow, prefix, lives, concurrency: 1 });
  await untilCompleted({ workflow, prefix, count: versions.length, signal });
  const naive = await Promise.all(
    versions.map(async (version) =>
      totalActions(await countBillableActions(workflow.getHandle(`${prefix}${life.pod.uid}/${version}`))),
    ),
  );
  return { ours: await countBillableActions(handle), naive: naive.reduce((sum, one) => sum + one, 0) };
}
