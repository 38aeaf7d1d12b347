import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApplicationFailure, type WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { podWorkflowId, reclassifyWorkflowId } from '../../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import type { ReplayFilter, ReplayProgress } from '../../../../domain/replay/replay.ts';
import { taskQueues } from '../../../../domain/task-queues.ts';
import { replayClassificationsType } from '../../../../workflows/replay-classifications.messages.ts';
import { reclassifyType } from '../../../../workflows/reclassify.messages.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { quickSettings } from '../../../helpers/workflows/pod-runs.ts';
import {
  lifeOf,
  podIn,
  startFailedRuns,
  startShownRun,
  startTestReplay,
} from '../../../helpers/workflows/replay-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const { cluster } = quickSettings;

describe('a replay', () => {
  let servers: WorkflowServers;
  let rules: CompiledRules;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker({ rules: () => rules });
  }, 60_000);
  afterAll(() => servers.close());

  const handleOf = (workflowId: string) => servers.client.workflow.getHandle(workflowId);
  const replay = async (filter: Partial<ReplayFilter>, dryRun = false): Promise<ReplayProgress> =>
    (await startTestReplay(servers, { filter: { select: 'failed', ...filter }, dryRun })).result();
  const idsOf = ({ runs }: ReplayProgress) => runs.map(({ workflowId }) => workflowId).sort();
  const historyLengthOf = async (workflowId: string) => (await handleOf(workflowId).describe()).historyLength;

  it('reports each run that still fails, with the rule and its reason, and a later one fixes what is left', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(servers, { namespace: 'still', open: 3, closed: 3 });
    const broken = [open[0]!, closed[0]!];
    rules = failingRule('owner-of', ({ snapshot }) => broken.some(({ uid }) => uid === snapshot.uid));

    const first = await replay({ namespace: 'still' });
    expect(first.counts).toMatchObject({ fixed: 4, 'still-failing': 2, error: 0 });
    const failing = first.runs.filter(({ outcome }) => outcome === 'still-failing');
    expect(failing.map(({ workflowId }) => workflowId).sort()).toEqual(
      broken.map((pod) => podWorkflowId(cluster, pod)).sort(),
    );
    for (const run of failing) {
      expect(run).toMatchObject({
        rule: 'owner-of',
        reason: 'Rule "owner-of": no label "team"',
        rulesVersion: 'with-owner-of',
      });
    }
    const child = handleOf(reclassifyWorkflowId(cluster, closed[0]!.uid));
    const { cause } = (await child.result().catch((error: unknown) => error)) as WorkflowFailedError;
    expect(cause).toMatchObject({
      type: 'classification_failed',
      message: expect.stringContaining('4 changes') as unknown,
    });

    rules = noRules;
    const second = await replay({ namespace: 'still' });
    expect(second.counts).toMatchObject({ fixed: 2, 'still-failing': 0, 'already-fixed': 2 });
    expect(idsOf({ ...second, runs: second.runs.filter(({ outcome }) => outcome === 'fixed') })).toEqual(
      broken.map((pod) => podWorkflowId(cluster, pod)).sort(),
    );
  }, 120_000);

  it('that is a dry run tells what would change and touches nothing', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(servers, { namespace: 'dry', open: 3, closed: 3 });
    const broken = [open[0]!, closed[0]!];
    rules = failingRule('owner-of', ({ snapshot }) => broken.some(({ uid }) => uid === snapshot.uid));
    const ids = [...open, ...closed].map((pod) => podWorkflowId(cluster, pod));
    const before = await Promise.all(ids.map(historyLengthOf));

    const dry = await replay({ namespace: 'dry' }, true);
    expect(dry).toMatchObject({ dryRun: true, state: 'completed', tried: 6 });
    expect(dry.counts).toMatchObject({ fixed: 4, 'still-failing': 2 });
    expect(dry.runs.filter(({ rule }) => rule === 'owner-of')).toHaveLength(2);

    expect(await Promise.all(ids.map(historyLengthOf))).toEqual(before);
    for (const { uid } of closed) {
      await expect(handleOf(reclassifyWorkflowId(cluster, uid)).describe()).rejects.toThrow(WorkflowNotFoundError);
    }
    rules = noRules;
    expect((await replay({ namespace: 'dry' })).counts).toMatchObject({ fixed: 6 });
    expect((await replay({ namespace: 'dry' }, true)).counts).toMatchObject({ 'already-fixed': 3, 'still-failing': 0 });
  }, 120_000);

  it('takes only the runs its filter matches, and completes when there are none', async () => {
    rules = failingRule('team-of');
    const { open } = await startFailedRuns(servers, { namespace: 'filtered', open: 4, closed: 0 });
    rules = noRules;
    const [pod] = open;
    const one = [podWorkflowId(cluster, pod!)];
    const namespace = 'filtered';
    const dry = async (filter: Partial<ReplayFilter>) => idsOf(await replay({ namespace, ...filter }, true));
    expect(await dry({ pod: pod!.name })).toEqual(one);
    expect(await dry({ owner: `Pod/${pod!.name}` })).toEqual(one);
    expect(await dry({ rule: 'team-of', pod: pod!.name })).toEqual(one);
    expect(await dry({ rule: 'team-of' })).toHaveLength(4);
    expect(await dry({ from: new Date(Date.now() - 600_000).toISOString() })).toHaveLength(4);
    for (const nothing of [
      { rule: 'owner-of' },
      { cause: 'OOMKilled' },
      { to: '2026-01-01T00:00:00+02:00' },
      { namespace: 'elsewhere' },
    ]) {
      expect(await replay({ namespace, ...nothing })).toMatchObject({ state: 'completed', tried: 0, runs: [] });
    }
  }, 120_000);

  it('of all runs says of each whether it is judged otherwise now, and changes nothing where it is not', async () => {
    rules = noRules;
    const { open } = await startFailedRuns(servers, { namespace: 'judged', open: 2, closed: 0, failing: false });
    expect((await replay({ namespace: 'judged' })).tried).toBe(0);
    const same = await replay({ namespace: 'judged', select: 'all' });
    expect(same.counts).toMatchObject({ unchanged: 2 });
    rules = failingRule('team-of', ({ snapshot }) => snapshot.uid === open[0]!.uid);
    const other = await replay({ namespace: 'judged', select: 'all' });
    expect(other.counts).toMatchObject({ unchanged: 1, error: 1 });
    expect(other.runs.find(({ outcome }) => outcome === 'error')).toMatchObject({
      workflowId: podWorkflowId(cluster, open[0]!),
      reason: expect.stringContaining('team-of') as unknown,
    });
  }, 60_000);

  it('finds nothing to try in a run that completed, or that Temporal does not keep', async () => {
    rules = noRules;
    const pod = podIn('complete');
    const run = await startShownRun(servers, pod, lifeOf(pod, { end: true }));
    await run.result();
    const { runId } = await run.describe();
    const reclassify = async (workflowId: string, from: string) => {
      const args = [{ cluster, workflowId: from, runId, requestId: 'r', reason: '' }];
      const handle = await servers.client.workflow.start(reclassifyType, {
        workflowId,
        taskQueue: taskQueues.pods,
        args,
      });
      const failed = (await handle.result().catch((error: unknown) => error)) as WorkflowFailedError;
      return failed.cause?.cause;
    };
    const nothing = { type: 'not_found', nonRetryable: true };
    expect(await reclassify('reclassify/test/complete', run.workflowId)).toMatchObject({
      ...nothing,
      message: 'the run completed: nothing is left to try',
    });
    expect(await reclassify('reclassify/test/unknown', 'pod/test/no/such/run')).toMatchObject({
      ...nothing,
      message: 'Temporal keeps this run no longer',
    });
  }, 60_000);

  it.each([
    ['nothing at all', []],
    ['a text', ['failed']],
    ['an unknown cause', [{ filter: { select: 'failed', cause: 'Boredom' } }]],
  ])('started by hand with %s fails at once and says what is wrong', async (_what, args) => {
    const handle = await servers.client.workflow.start(replayClassificationsType, {
      workflowId: `replay/test/by-hand-${Math.random()}`,
      taskQueue: taskQueues.pods,
      args,
    });
    const { cause } = (await handle.result().catch((error: unknown) => error)) as WorkflowFailedError;
    expect(cause).toMatchObject({ type: 'invalid_input', nonRetryable: true });
    expect((cause as ApplicationFailure).message).toMatch(/^(input|cluster nothing) is no/);
  });

  it('started by hand shows its state in lists of runs all the same', async () => {
    const input = {
      cluster,
      requestId: 'by-hand',
      filter: { select: 'failed', namespace: 'elsewhere' },
      dryRun: true,
      reason: '',
      requestedAt: new Date().toISOString(),
      runsPerSecond: 1,
    };
    const handle = await servers.client.workflow.start(replayClassificationsType, {
      workflowId: 'replay/test/by-hand',
      taskQueue: taskQueues.pods,
      args: [input],
    });
    await handle.result();
    const query = `PodkeeperCluster = 'test' AND PodkeeperTags = 'dry-run' AND WorkflowId = 'replay/test/by-hand'`;
    while ((await servers.client.workflow.count(query)).count === 0) await sleep(100);
  }, 30_000);
});
