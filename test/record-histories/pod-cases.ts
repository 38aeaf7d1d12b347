import { setTimeout as sleep } from 'node:timers/promises';
import type { PodIdentity } from '../../domain/names.ts';
import type { PodChange } from '../../domain/pods/pod-change.ts';
import { noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { type PodLifecycleInput, reclassifyUpdate } from '../../workflows/pod-lifecycle.messages.ts';
import { failingAt } from '../helpers/hand-made-rules.ts';
import {
  crashingLife,
  healthyLife,
  inferredDelete,
  leftScope,
  malformedChange,
  observedChange,
  stalledStart,
} from '../helpers/pod-changes.ts';
import { freshPod, type PodRunHandle, sendChanges, startPodRun, untilTaken } from '../helpers/workflows/pod-runs.ts';
import type { HistoryCase, RecordedRun } from './history-case.ts';
import { putInForce } from './rules-in-force.ts';

type Play = (run: PodRunHandle, pod: PodIdentity) => Promise<unknown>;

interface PodCase {
  readonly first: (pod: PodIdentity) => readonly PodChange[];
  readonly settings?: Partial<PodLifecycleInput>;
  /** Versions of the pod that a rule can't be applied to at first. */
  readonly failing?: readonly number[];
  readonly play: Play;
}

/** Sends one change after the other, each after the one before was classified. */
async function sendSlowly(run: PodRunHandle, changes: readonly PodChange[], taken = 1): Promise<void> {
  for (const [index, change] of changes.entries()) {
    await sendChanges(run, [change]);
    if (change.operation !== 'delete') await untilTaken(run, taken + index + 1);
  }
}

async function reclassify(run: PodRunHandle, requestId: string): Promise<void> {
  await run.executeUpdate(reclassifyUpdate, { args: [{ requestId, reason: 'recorded' }] });
}

const closed = (run: PodRunHandle): Promise<unknown> => run.result().catch(() => undefined);
const firstOf = (life: typeof healthyLife) => (pod: PodIdentity) => life(pod).slice(0, 1);
const manyUpdates = (pod: PodIdentity) =>
  Array.from({ length: 30 }, (_, index) =>
    observedChange({ ...pod, version: index + 1, containers: [{ restarts: index }] }),
  );

const cases: Readonly<Record<string, PodCase>> = {
  'healthy-life': {
    first: firstOf(healthyLife),
    play: async (run, pod) => {
      await sendSlowly(run, healthyLife(pod).slice(1));
      await closed(run);
    },
  },
  'crash-loop': {
    first: firstOf(crashingLife),
    play: async (run, pod) => {
      await sendSlowly(run, crashingLife(pod).slice(1));
      await closed(run);
    },
  },
  'one-batch': { first: crashingLife, play: closed },
  'repeated-and-late': {
    first: (pod) => healthyLife(pod).slice(0, 2),
    play: async (run, pod) => {
      const [add, ready, terminating, gone] = healthyLife(pod);
      await sendChanges(run, [add!, ready!]);
      await sendSlowly(run, [terminating!], 2);
      await sendChanges(run, [ready!]);
      await sendChanges(run, [gone!]);
      await closed(run);
    },
  },
  'failed-classification': {
    first: firstOf(healthyLife),
    play: async (run, pod) => {
      await sendSlowly(run, [malformedChange(15), ...healthyLife(pod).slice(1)]);
      await closed(run);
    },
  },
  'inferred-delete': {
    first: firstOf(crashingLife),
    play: async (run, pod) => {
      await sendSlowly(run, [...crashingLife(pod).slice(1, 3), inferredDelete()]);
      await closed(run);
    },
  },
  'left-scope': {
    first: firstOf(healthyLife),
    play: async (run, pod) => {
      await sendSlowly(run, [leftScope(15), ...healthyLife(pod).slice(1)]);
      await closed(run);
    },
  },
  'new-epoch': {
    first: (pod) => [observedChange({ ...pod, version: 5000 })],
    play: async (run, pod) => {
      await sendChanges(run, [observedChange({ ...pod, version: 12, containers: [{ restarts: 1 }] })], 1);
      await untilTaken(run, 2);
      await sendChanges(run, [observedChange({ ...pod, operation: 'delete', version: 20 })], 1);
      await closed(run);
    },
  },
  'idle-until-gone': {
    first: (pod) => healthyLife(pod).slice(0, 2),
    settings: { idleCheckSeconds: 1 },
    play: closed,
  },
  'review-after-window': {
    first: (pod) => [stalledStart(pod, new Date())],
    play: async (run, pod) => {
      await sleep(6000);
      await sendChanges(run, [{ ...stalledStart(pod, new Date()), operation: 'delete' }]);
      await closed(run);
    },
  },
  'reclassified-open': {
    first: firstOf(crashingLife),
    failing: [20, 30],
    play: async (run, pod) => {
      const [, crash, backOff, gone] = crashingLife(pod);
      await sendSlowly(run, [crash!, backOff!]);
      putInForce(failingAt([30], 'other'));
      await reclassify(run, 'half');
      putInForce(noRules);
      await reclassify(run, 'all');
      await reclassify(run, 'all');
      await reclassify(run, 'nothing-left');
      await sendChanges(run, [gone!]);
      await closed(run);
    },
  },
  'reclassified-in-retention': {
    first: firstOf(healthyLife),
    failing: [20, 40],
    settings: { failedRetentionSeconds: 60 },
    play: async (run, pod) => {
      await sendSlowly(run, healthyLife(pod).slice(1));
      await untilTaken(run, 4);
      putInForce(noRules);
      await reclassify(run, 'all');
      await closed(run);
    },
  },
  'still-failing': {
    first: firstOf(healthyLife),
    failing: [20],
    settings: { failedRetentionSeconds: 3 },
    play: async (run, pod) => {
      await sendSlowly(run, healthyLife(pod).slice(1, 2));
      await reclassify(run, 'open');
      await sendSlowly(run, healthyLife(pod).slice(2), 2);
      await untilTaken(run, 4);
      await reclassify(run, 'in-retention');
      await closed(run);
    },
  },
  cancelled: {
    first: (pod) => healthyLife(pod).slice(0, 2),
    play: async (run) => {
      await untilTaken(run, 2);
      await run.cancel();
      await closed(run);
    },
  },
};

async function playContinueAsNew(servers: Parameters<HistoryCase['play']>[0]): Promise<PodRunHandle> {
  const pod = freshPod();
  const [first, ...others] = manyUpdates(pod);
  const run = await startPodRun(servers, { pod, changes: [first!], settings: { historyLimit: 30 } });
  for (const update of others) await sendChanges(run, [update]);
  const latest = servers.client.workflow.getHandle(run.workflowId) as PodRunHandle;
  await untilTaken(latest, 30);
  await sendChanges(latest, [observedChange({ ...pod, operation: 'delete', version: 99 })]);
  await closed(run);
  return run;
}

/** What happens to the run of a pod, in the ways its code distinguishes. */
export const podCases: readonly HistoryCase[] = [
  ...Object.entries(cases).map(([name, { first, settings, failing, play }]): HistoryCase => ({
    workflow: 'podLifecycle',
    name,
    play: async (servers) => {
      putInForce(failing === undefined ? noRules : failingAt(failing));
      const pod = freshPod();
      const run = await startPodRun(servers, { pod, changes: first(pod), ...(settings && { settings }) });
      await play(run, pod);
      putInForce(noRules);
      return { workflowId: run.workflowId };
    },
  })),
  {
    workflow: 'podLifecycle',
    name: 'continue-as-new-first',
    play: async (servers): Promise<RecordedRun> => {
      const { workflowId, signaledRunId } = await playContinueAsNew(servers);
      return { workflowId, runId: signaledRunId };
    },
  },
  {
    workflow: 'podLifecycle',
    name: 'continue-as-new-last',
    play: async (servers): Promise<RecordedRun> => ({ workflowId: (await playContinueAsNew(servers)).workflowId }),
  },
];
