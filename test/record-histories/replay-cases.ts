import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { podWorkflowId, reclassifyWorkflowId } from '../../domain/names.ts';
import { noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { taskQueues } from '../../domain/task-queues.ts';
import { visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';
import type { StartReplayOptions } from '../../triggers/replay/start-replay.ts';
import { podChangesSignal } from '../../workflows/pod-lifecycle.messages.ts';
import { reclassifyType } from '../../workflows/reclassify.messages.ts';
import { failingRule } from '../helpers/hand-made-rules.ts';
import {
  type FailedRuns,
  lifeOf,
  podIn,
  type ReplayHandle,
  startFailedRuns,
  startShownRun,
  startTestReplay,
  untilTried,
} from '../helpers/workflows/replay-runs.ts';
import { quickSettings } from '../helpers/workflows/pod-runs.ts';
import type { WorkflowServers } from '../helpers/workflows/workflow-servers.ts';
import type { HistoryCase, RecordedRun } from './history-case.ts';
import { putInForce } from './rules-in-force.ts';

const { cluster } = quickSettings;

interface Stage {
  readonly servers: WorkflowServers;
  readonly runs: FailedRuns;
  readonly start: (request?: Partial<StartReplayOptions>) => Promise<ReplayHandle>;
}

interface ReplayCase {
  readonly open?: number;
  readonly closed?: number;
  readonly play: (stage: Stage) => Promise<ReplayHandle>;
}

const ended = (replay: ReplayHandle): Promise<unknown> => replay.result().catch(() => undefined);

const cases: Readonly<Record<string, ReplayCase>> = {
  fixed: {
    open: 3,
    closed: 2,
    play: async ({ start }) => {
      putInForce(noRules);
      return await start();
    },
  },
  'still-failing': { open: 2, closed: 2, play: ({ start }) => start() },
  'nothing-matches': { play: ({ start }) => start() },
  'dry-run': { open: 1, closed: 1, play: ({ start }) => start({ dryRun: true }) },
  'one-a-second': { open: 3, play: ({ start }) => start({ runsPerSecond: 1 }) },
  'already-fixed': {
    closed: 2,
    play: async ({ start }) => {
      putInForce(noRules);
      await ended(await start());
      return await start();
    },
  },
  cancelled: {
    open: 4,
    play: async ({ start }) => {
      const replay = await start({ runsPerSecond: 1 });
      await untilTried(replay, 2);
      await replay.cancel();
      return replay;
    },
  },
  // Closes while the replay is still on the pages of open runs, so that it is met again on the last one.
  'closed-meanwhile': {
    open: 7,
    play: async ({ start, servers, runs }) => {
      const replay = await start({ runsPerSecond: 1 });
      const [tried] = (await untilTried(replay, 1)).runs;
      const pod = runs.open.find((one) => podWorkflowId(cluster, one) === tried?.workflowId);
      await servers.client.workflow.getHandle(podWorkflowId(cluster, pod!)).signal(podChangesSignal, {
        changes: lifeOf(pod!, { end: true }).slice(2),
        epoch: 0,
      });
      return replay;
    },
  },
  'ended-from-outside': {
    open: 2,
    play: async ({ start, servers, runs }) => {
      const [pod] = runs.open;
      await servers.client.workflow.getHandle(podWorkflowId(cluster, pod!)).terminate('recorded');
      const query = visibilityQuery({ namespace: pod!.namespace, status: 'Terminated' });
      while ((await servers.client.workflow.count(query)).count === 0) await sleep(100);
      putInForce(noRules);
      return await start();
    },
  },
  'invalid-input': { play: ({ start }) => start({ runsPerSecond: -1 }) },
};

async function prepare(servers: WorkflowServers, { open = 0, closed = 0 }: Omit<ReplayCase, 'play'>): Promise<Stage> {
  const namespace = `recorded-${randomUUID().slice(0, 8)}`;
  putInForce(failingRule('team-of'));
  const runs = await startFailedRuns(servers, { namespace, open, closed });
  const filter = { select: 'failed', namespace } as const;
  return { servers, runs, start: (request) => startTestReplay(servers, { filter, ...request }) };
}

function replayCase(name: string, { play, ...counts }: ReplayCase): HistoryCase {
  return {
    workflow: 'replayClassifications',
    name,
    play: async (servers) => {
      const replay = await play(await prepare(servers, counts));
      await ended(replay);
      putInForce(noRules);
      return { workflowId: replay.workflowId };
    },
  };
}

/** More runs than the recording worker lists at once, so that it has to continue as new. */
async function playContinueAsNew(servers: WorkflowServers): Promise<{ workflowId: string; firstRunId: string }> {
  const { start } = await prepare(servers, { open: 5 });
  putInForce(noRules);
  const replay = await start({ historyLimit: 1 });
  const { runId: firstRunId } = await replay.describe();
  await ended(replay);
  return { workflowId: replay.workflowId, firstRunId };
}

/** The run of a closed pod, tried by hand. */
async function playReclassify(servers: WorkflowServers, { mended, left = true }: { mended: boolean; left?: boolean }) {
  const namespace = `recorded-${randomUUID().slice(0, 8)}`;
  putInForce(left ? failingRule('team-of') : noRules);
  const pod = podIn(namespace);
  const run = await startShownRun(servers, pod, lifeOf(pod, { end: true }));
  await run.result().catch(() => undefined);
  const { runId } = await run.describe();
  if (mended) putInForce(noRules);
  const workflowId = reclassifyWorkflowId(cluster, pod.uid);
  const handle = await servers.client.workflow.start(reclassifyType, {
    workflowId,
    taskQueue: taskQueues.pods,
    args: [{ cluster, workflowId: run.workflowId, runId, requestId: 'recorded', reason: 'recorded' }],
  });
  await handle.result().catch(() => undefined);
  putInForce(noRules);
  return { workflowId };
}

const reclassifyCase = (name: string, play: HistoryCase['play']): HistoryCase => ({
  workflow: 'reclassify',
  name,
  play,
});

/** What happens to a replay and to its child, in the ways their code distinguishes. */
export const replayCases: readonly HistoryCase[] = [
  ...Object.entries(cases).map(([name, one]) => replayCase(name, one)),
  {
    workflow: 'replayClassifications',
    name: 'continue-as-new-first',
    play: async (servers): Promise<RecordedRun> => {
      const { workflowId, firstRunId } = await playContinueAsNew(servers);
      return { workflowId, runId: firstRunId };
    },
  },
  {
    workflow: 'replayClassifications',
    name: 'continue-as-new-last',
    play: async (servers) => ({ workflowId: (await playContinueAsNew(servers)).workflowId }),
  },
  reclassifyCase('fixed', (servers) => playReclassify(servers, { mended: true })),
  reclassifyCase('still-failing', (servers) => playReclassify(servers, { mended: false })),
  reclassifyCase('nothing-left', (servers) => playReclassify(servers, { mended: true, left: false })),
  reclassifyCase('invalid-input', async ({ client }) => {
    const workflowId = `reclassify/test/${randomUUID()}`;
    const handle = await client.workflow.start(reclassifyType, { workflowId, taskQueue: taskQueues.pods, args: [{}] });
    await handle.result().catch(() => undefined);
    return { workflowId };
  }),
];
