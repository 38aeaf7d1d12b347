import { setTimeout as sleep } from 'node:timers/promises';
import type { WatchPodsInput } from '../../workflows/watch-pods.messages.ts';
import {
  gapSignal,
  pauseSignal,
  reconfigureUpdate,
  resumeSignal,
  stopSignal,
} from '../../workflows/watch-pods.messages.ts';
import { gapFrom } from '../helpers/watch-values.ts';
import {
  scriptedWatch,
  startWatchRun,
  untilStatus,
  watchConfiguration,
  type WatchRunHandle,
} from '../helpers/workflows/watch-runs.ts';
import type { HistoryCase } from './history-case.ts';

type Watch = ReturnType<typeof scriptedWatch>;

const cases: Readonly<
  Record<
    string,
    { readonly input?: Partial<WatchPodsInput>; readonly play: (run: WatchRunHandle, watch: Watch) => Promise<unknown> }
  >
> = {
  intervals: {
    play: async (run, watch) => {
      for (const version of [10, 20]) (await watch.next()).returns(version);
      await watch.next();
      await run.signal(stopSignal);
      await run.result();
    },
  },
  'pause-resume-reconfigure-gap': {
    play: async (run, watch) => {
      (await watch.next()).heartbeat(300);
      await run.signal(pauseSignal);
      await untilStatus(run, ({ lastInterval }) => lastInterval !== null);
      await run.signal(resumeSignal);
      await watch.next();
      for (const from of ['100', '100', '']) await run.signal(gapSignal, gapFrom(from));
      const same = { configuration: watchConfiguration(), configHash: 'first', revision: 2 };
      await run.executeUpdate(reconfigureUpdate, { args: [same] });
      const other = { configuration: watchConfiguration({ coalesceMs: 900 }), configHash: 'second', revision: 3 };
      await run.executeUpdate(reconfigureUpdate, { args: [other] });
      await run.executeUpdate(reconfigureUpdate, { args: [{ ...same, revision: 1 }] }).catch(() => 'refused');
      (await watch.next()).returns(500);
      await watch.next();
      await run.signal(pauseSignal);
      await run.signal(stopSignal);
      await run.result();
    },
    input: { configHash: 'first' },
  },
  'dead-attempt-cancelled': {
    play: async (run, watch) => {
      (await watch.next()).heartbeat(888);
      await sleep(1500);
      watch.silence();
      await run.signal(pauseSignal);
      await untilStatus(run, ({ checkpoint }) => checkpoint !== null);
      await run.signal(stopSignal);
      await run.result();
    },
  },
  cancelled: {
    play: async (run, watch) => {
      await watch.next();
      await run.cancel();
      await run.result().catch(() => 'cancelled');
    },
  },
};

function watchCase(
  name: string,
  input: Partial<WatchPodsInput>,
  play: (run: WatchRunHandle, watch: Watch) => Promise<unknown>,
): HistoryCase {
  return {
    workflow: 'watchPods',
    name,
    play: async (servers) => {
      const watch = scriptedWatch();
      const worker = await servers.startWatchWorker(watch.activities);
      const run = await startWatchRun(servers, input);
      const { runId } = await run.describe();
      await play(run, watch);
      watch.release();
      await worker.stop();
      return name.endsWith('-first') ? { workflowId: run.workflowId, runId } : { workflowId: run.workflowId };
    },
  };
}

/** Intervals until the run has continued as new, and two more. */
async function playContinueAsNew(run: WatchRunHandle, watch: Watch): Promise<void> {
  await run.signal(gapSignal, gapFrom('100'));
  for (let version = 1; version <= 6; version += 1) (await watch.next()).returns(version);
  await watch.next();
  await run.signal(stopSignal);
  await run.result();
}

/** What happens to the run of a watch, in the ways its code distinguishes. */
export const watchCases: readonly HistoryCase[] = [
  ...Object.entries(cases).map(([name, { input = {}, play }]) => watchCase(name, input, play)),
  watchCase('continue-as-new-first', { historyLimit: 20 }, playContinueAsNew),
  watchCase('continue-as-new-last', { historyLimit: 20 }, playContinueAsNew),
];
