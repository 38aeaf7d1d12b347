import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TryAnswer } from '../../../../domain/replay/replay.ts';
import { createReplayActivities, type ReplayActivities } from '../../../../activities/replay/index.ts';
import { podWorkflowId, reclassifyWorkflowId, replayWorkflowId } from '../../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { podStartAttributes } from '../../../../domain/pods/run/pod-run-attributes.ts';
import type { ReplayFilter, ReplayProgress } from '../../../../domain/replay/replay.ts';
import { taskQueues } from '../../../../domain/task-queues.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { visibilityQuery } from '../../../../platform/temporal/runs/visibility-query.ts';
import { podChangesSignal } from '../../../../workflows/pod-lifecycle.messages.ts';
import { replayClassificationsType } from '../../../../workflows/replay-classifications.messages.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { healthyLife } from '../../../helpers/pod-changes.ts';
import { quickSettings, startPodRun } from '../../../helpers/workflows/pod-runs.ts';
import {
  lifeOf,
  podIn,
  startFailedRuns,
  startShownRun,
  startTestReplay,
  untilShown,
  untilTried,
} from '../../../helpers/workflows/replay-runs.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../../helpers/workflows/workflow-servers.ts';

const { cluster } = quickSettings;

describe('what a replay makes of the list of runs', () => {
  let servers: WorkflowServers;
  let rules: CompiledRules;
  let worker: RunningWorker | undefined;
  let real: ReplayActivities;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    const { client } = servers;
    real = createReplayActivities({ client, cluster, rules: () => rules, metrics: createMetrics() });
  }, 60_000);
  afterEach(() => worker?.stop());
  afterAll(() => servers.close());

  const handleOf = (workflowId: string) => servers.client.workflow.getHandle(workflowId);
  const startWorker = async (options: Parameters<WorkflowServers['startPodWorker']>[0] = {}) => {
    worker = await servers.startPodWorker({ ...options, rules: () => rules });
  };
  const fail = async (namespace: string, counts: { open: number; closed: number }) => {
    rules = failingRule('team-of');
    return await startFailedRuns(servers, { namespace, ...counts });
  };
  const replay = async (filter: Partial<ReplayFilter>, dryRun = false): Promise<ReplayProgress> =>
    (await startTestReplay(servers, { filter: { select: 'failed', ...filter }, dryRun })).result();

  it('takes a run that continued as new after the replay was asked for', async () => {
    const pod = podIn('continuing');
    const [add, ready] = healthyLife(pod);
    const workflowId = podWorkflowId(cluster, pod);
    const listed = async () => {
      const query = visibilityQuery({ namespace: 'continuing', status: 'Running', state: 'classification-failed' });
      const runIds: string[] = [];
      for await (const { runId } of servers.client.workflow.list({ query })) runIds.push(runId);
      return runIds;
    };
    await startWorker({
      activities: {
        findRunsToReplay: async (input) => {
          const [before] = await listed();
          await handleOf(workflowId).signal(podChangesSignal, { changes: [ready!], epoch: 0 });
          for (;;) {
            const now = await listed();
            if (now.length === 1 && now[0] !== before) break;
            await sleep(100);
          }
          return await real.findRunsToReplay(input);
        },
      },
    });
    rules = failingRule('team-of');
    const shown = podStartAttributes({ cluster, change: add! });
    await startPodRun(servers, { pod, changes: [add!], settings: { historyLimit: 1 }, shown });
    await untilShown(servers, { namespace: 'continuing', open: 1 });
    rules = failingRule('team-of', ({ snapshot }) => snapshot.uid === pod.uid);
    const asked = await startTestReplay(servers, { filter: { select: 'failed', namespace: 'continuing' } });
    expect(await asked.result()).toMatchObject({ tried: 1, counts: { 'still-failing': 1 } });
  }, 60_000);

  it('leaves no run out because the clock of whoever asked is slow', async () => {
    await startWorker();
    await fail('slow-clock', { open: 2, closed: 1 });
    rules = noRules;
    const requestId = randomUUID();
    const handle = await servers.client.workflow.start(replayClassificationsType, {
      workflowId: replayWorkflowId(cluster, requestId),
      taskQueue: taskQueues.pods,
      args: [
        {
          cluster,
          requestId,
          filter: { select: 'failed', namespace: 'slow-clock' },
          dryRun: false,
          reason: '',
          requestedAt: '2020-01-01T00:00:00Z',
          runsPerSecond: 200,
        },
      ],
    });
    expect(await handle.result()).toMatchObject({ counts: { fixed: 3 } });
  }, 60_000);

  it('counts a run once that is listed twice, as while it continues as new', async () => {
    await startWorker({
      activities: {
        findRunsToReplay: async (input) => {
          const page = await real.findRunsToReplay(input);
          return { ...page, runs: page.runs.flatMap((run) => [run, { ...run, runId: 'an-earlier-one' }]) };
        },
      },
    });
    await fail('twice', { open: 3, closed: 0 });
    rules = noRules;
    expect((await replay({ namespace: 'twice' }, true)).counts).toMatchObject({ fixed: 3 });
    const result = await replay({ namespace: 'twice' });
    expect(result).toMatchObject({ tried: 3, counts: { fixed: 3, unchanged: 0 } });
  }, 60_000);

  it('counts a run once in a dry run that it meets again because it closed meanwhile', async () => {
    await startWorker({ replayPageSize: 1 });
    const { open } = await fail('dry', { open: 5, closed: 1 });
    const dry = await startTestReplay(servers, {
      filter: { select: 'failed', namespace: 'dry' },
      dryRun: true,
      runsPerSecond: 1,
    });
    const [first] = (await untilTried(dry, 1)).runs;
    const closing = open.find((pod) => podWorkflowId(cluster, pod) === first?.workflowId)!;
    const changes = lifeOf(closing, { end: true }).slice(2);
    await handleOf(podWorkflowId(cluster, closing)).signal(podChangesSignal, { changes, epoch: 0 });
    await untilShown(servers, { namespace: 'dry', closed: 2 });
    expect(await dry.result()).toMatchObject({ tried: 6, pages: 8, counts: { 'still-failing': 6 } });
  }, 60_000);

  it('says that the inputs of runs ended from outside are lost, also when that happened meanwhile', async () => {
    const meanwhile: string[] = [];
    await startWorker({
      activities: {
        findRunsToReplay: async (input) => {
          const page = await real.findRunsToReplay(input);
          for (const workflowId of meanwhile) await handleOf(workflowId).terminate('a test');
          return page;
        },
      },
    });
    const { open } = await fail('outside', { open: 4, closed: 0 });
    const [terminated, cancelled, late] = open.map((pod) => podWorkflowId(cluster, pod));
    await handleOf(terminated!).terminate('a test');
    await handleOf(cancelled!).cancel();
    const endedOnes = async (status: string) =>
      (await servers.client.workflow.count(visibilityQuery({ namespace: 'outside', status }))).count;
    while ((await endedOnes('terminated')) + (await endedOnes('canceled')) < 2) await sleep(100);
    rules = noRules;
    expect((await replay({ namespace: 'outside' }, true)).counts).toMatchObject({ lost: 2, fixed: 2 });
    meanwhile.push(late!);
    const result = await replay({ namespace: 'outside' });
    expect(result.counts).toMatchObject({ lost: 3, fixed: 1, gone: 0, error: 0 });
    const said = new Map(result.runs.map(({ workflowId, reason }) => [workflowId, reason]));
    expect(said.get(terminated!)).toBe('the run was terminated: what it could not classify is lost');
    expect(said.get(cancelled!)).toBe('the run was cancelled: what it could not classify is lost');
    expect(said.get(late!)).toBe('the run was terminated: what it could not classify is lost');
  }, 60_000);

  it('does not call a closed run fixed because another pod with its uid was', async () => {
    await startWorker();
    rules = failingRule('team-of');
    const pods = ['same-a', 'same-b'].map((namespace) => ({ ...podIn(namespace), uid: 'uid-of-two' }));
    for (const pod of pods) {
      await startShownRun(servers, pod, lifeOf(pod, { end: true }));
      await untilShown(servers, { namespace: pod.namespace, closed: 1 });
    }
    rules = noRules;
    expect((await replay({ namespace: 'same-a' })).counts).toMatchObject({ fixed: 1 });
    expect((await replay({ namespace: 'same-a' })).counts).toMatchObject({ 'already-fixed': 1 });
    for (const dryRun of [true, false]) {
      const [run] = (await replay({ namespace: 'same-b' }, dryRun)).runs;
      expect(run).toMatchObject({
        outcome: 'error',
        reason: expect.stringContaining(`${podWorkflowId(cluster, pods[0]!)} have the same uid`) as unknown,
      });
    }
    expect(await handleOf(reclassifyWorkflowId(cluster, 'uid-of-two')).result()).toMatchObject({ outcome: 'fixed' });
  }, 60_000);

  it('goes on, and ends, when a worker answers what nobody understands', async () => {
    const answers: unknown[] = [
      'nonsense',
      {},
      { kind: 'tried', result: { outcome: 'marvellous' } },
      { kind: 'tried' },
    ];
    await startWorker({
      activities: {
        reclassifyOpenRun: async (input) => (answers.pop() ?? (await real.reclassifyOpenRun(input))) as TryAnswer,
      },
    });
    await fail('nonsense', { open: 5, closed: 0 });
    rules = noRules;
    const result = await replay({ namespace: 'nonsense' });
    expect(result.counts).toMatchObject({ fixed: 1, error: 4 });
    expect(result.runs.map(({ reason }) => reason)).toContain('"marvellous" is no outcome of a replay');
  }, 60_000);
});
