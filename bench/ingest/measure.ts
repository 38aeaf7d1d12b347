import type { WorkflowClient } from '@temporalio/client';
import type { Config } from '../../platform/config.ts';
import { buildLives } from './lives.ts';
import { liveNaively } from './naive-way.ts';
import { createOurWay } from './our-way.ts';
import { untilCompleted } from './until-completed.ts';

export interface RoundOptions {
  readonly workflow: WorkflowClient;
  /** Keeps the ids of one round apart from those of the others. */
  readonly cluster: string;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly pods: number;
}

export interface OurRound {
  readonly changes: number;
  readonly signals: number;
  /** From the first change sent until the last run has completed. */
  readonly seconds: number;
}

export async function measureOurWay({ workflow, cluster, config, signal, pods }: RoundOptions): Promise<OurRound> {
  const lives = buildLives(pods);
  const ours = createOurWay({ workflow, cluster, config });
  const startedMs = performance.now();
  await Promise.all(lives.map((life) => ours.live(life)));
  await untilCompleted({ workflow, prefix: `pod/${cluster}/`, count: pods, signal });
  const seconds = (performance.now() - startedMs) / 1000;
  return { changes: lives.flatMap(({ phases }) => phases.flat()).length, signals: ours.signals(), seconds };
}

export async function measureNaiveWay({
  workflow,
  cluster,
  config,
  signal,
  pods,
}: RoundOptions): Promise<{ readonly seconds: number }> {
  const lives = buildLives(pods);
  const prefix = `naive/${cluster}/`;
  const count = lives.flatMap(({ phases }) => phases.flat()).length;
  const startedMs = performance.now();
  await liveNaively({ workflow, prefix, lives, concurrency: config.watch.dispatchConcurrency });
  await untilCompleted({ workflow, prefix, count, signal });
  return { seconds: (performance.now() - startedMs) / 1000 };
}
