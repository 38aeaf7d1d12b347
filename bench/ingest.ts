import { randomUUID } from 'node:crypto';
import type { WorkflowClient } from '@temporalio/client';
import { reportToStderr } from '../dev/shared/report.ts';
import { loadConfig } from '../platform/config.ts';
import { countActionsPerLife } from './ingest/actions-per-life.ts';
import { type BillableActions, totalActions } from './ingest/billable-actions.ts';
import { measureNaiveWay, measureOurWay } from './ingest/measure.ts';
import { withServers } from './ingest/servers.ts';
import { withTimeLimit } from './ingest/time-limit.ts';
import type { BenchResult, Figure } from './result.ts';

/** The ways alternate, so that a disturbance meets both. */
const rounds = 4;
const warmUpPods = 8;

/** Durable classification by a run per pod against a workflow with one activity per change: same server, same worker. */
export async function benchIngest({
  pods,
  timeLimitSeconds,
}: {
  readonly pods: number;
  readonly timeLimitSeconds: number;
}): Promise<BenchResult> {
  return await withServers(({ workflow }) =>
    withTimeLimit(timeLimitSeconds, (signal) => compare({ workflow, pods, signal })),
  );
}

async function compare({
  workflow,
  pods,
  signal,
}: {
  readonly workflow: WorkflowClient;
  readonly pods: number;
  readonly signal: AbortSignal;
}): Promise<BenchResult> {
  // The defaults of the settings, whatever the environment of this process says.
  const config = loadConfig({});
  const round = (name: string, count: number) => {
    const cluster = `${name}-${randomUUID().slice(0, 8)}`;
    return { workflow, cluster, config, signal, pods: count };
  };
  reportToStderr(`warming up with ${warmUpPods} pods each way`);
  await measureOurWay(round('warm-up', warmUpPods));
  await measureNaiveWay(round('warm-up', warmUpPods));

  const podsPerRound = Math.ceil(pods / rounds);
  const totals = { changes: 0, signals: 0, ourSeconds: 0, naiveSeconds: 0 };
  for (let index = 1; index <= rounds; index += 1) {
    const ours = await measureOurWay(round('ours', podsPerRound));
    const naive = await measureNaiveWay(round('naive', podsPerRound));
    totals.changes += ours.changes;
    totals.signals += ours.signals;
    totals.ourSeconds += ours.seconds;
    totals.naiveSeconds += naive.seconds;
    const seconds = `${ours.seconds.toFixed(1)} s against ${naive.seconds.toFixed(1)} s`;
    reportToStderr(`round ${index} of ${rounds}, ${podsPerRound} pods: ${seconds}`);
  }
  const life = await countActionsPerLife({ workflow, config, cluster: 'one-life', signal });
  return {
    bench: 'ingest',
    figures: [
      { name: 'ratioAll', value: totals.naiveSeconds / totals.ourSeconds, bar: { atLeast: 5 } },
      { name: 'actionsPerHealthyLife', value: totalActions(life.ours), bar: { atMost: 8 } },
      ...namedActions(life.ours),
      { name: 'naiveActionsPerHealthyLife', value: life.naive },
      { name: 'changesPerSecond', value: totals.changes / totals.ourSeconds },
      { name: 'naiveChangesPerSecond', value: totals.changes / totals.naiveSeconds },
      { name: 'pods', value: podsPerRound * rounds },
      { name: 'changes', value: totals.changes },
      { name: 'signals', value: totals.signals },
    ],
  };
}

function namedActions(actions: BillableActions): Figure[] {
  return Object.entries(actions).map(([kind, value]: [string, number]) => ({ name: `${kind}PerLife`, value }));
}
