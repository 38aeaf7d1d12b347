import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure, type WorkflowFailedError } from '@temporalio/client';
import { failure } from '../../../../activities/failure.ts';
import { createReplayActivities } from '../../../../activities/replay/index.ts';
import { podWorkflowId, reclassifyWorkflowId, replayWorkflowId } from '../../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { searchAttributes } from '../../../../domain/search-attributes.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { startReplay } from '../../../../triggers/replay/start-replay.ts';
import { podChangesSignal } from '../../../../workflows/pod-lifecycle.messages.ts';
import { replayProgressQuery } from '../../../../workflows/replay-classifications.messages.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { quickSettings } from '../../../helpers/workflows/pod-runs.ts';
import {
  eventsOf,
  lifeOf,
  startFailedRuns,
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
const acceptedUpdate = 'workflowExecutionUpdateAcceptedEventAttributes';

describe('a replay under way', () => {
  let servers: WorkflowServers;
  let rules: CompiledRules;
  let worker: RunningWorker | undefined;
  beforeAll(async () => {
    servers = await startWorkflowServers();
  }, 60_000);
  afterEach(() => worker?.stop());
  afterAll(() => servers.close());

  const handleOf = (workflowId: string) => servers.client.workflow.getHandle(workflowId);
  const filterOf = (namespace: string) => ({ select: 'failed', namespace }) as const;
  const startWorker = async (options: Parameters<WorkflowServers['startPodWorker']>[0] = {}) => {
    worker = await servers.startPodWorker({ ...options, rules: () => rules });
  };
  const fail = async (namespace: string, counts: { open: number; closed: number }) => {
    rules = failingRule('team-of');
    return await startFailedRuns(servers, { namespace, ...counts });
  };

  it('continues as new between pages, and loses and repeats nothing', async () => {
    await startWorker({ replayPageSize: 2 });
    const { open, closed } = await fail('pages', { open: 4, closed: 3 });
    rules = noRules;
    const replay = await startTestReplay(servers, { filter: filterOf('pages'), historyLimit: 1 });
    const result = await replay.result();
    expect(result).toMatchObject({ tried: 7, pages: 4, counts: { fixed: 7 }, runsDropped: 0 });
    expect(new Set(result.runs.map(({ workflowId }) => workflowId))).toEqual(
      new Set([...open, ...closed].map((pod) => podWorkflowId(cluster, pod))),
    );
    const continued = await eventsOf(handleOf(replay.workflowId), 'workflowExecutionStartedEventAttributes');
    expect(JSON.stringify(continued)).toContain('continuedExecutionRunId');
    for (const pod of open)
      expect(await eventsOf(handleOf(podWorkflowId(cluster, pod)), acceptedUpdate)).toHaveLength(1);
    const { typedSearchAttributes } = await replay.describe();
    expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toEqual(
      expect.arrayContaining([
        [searchAttributes.state.name, 'completed'],
        [searchAttributes.cluster.name, cluster],
      ]),
    );
  }, 120_000);

  it('that is cancelled ends after what it is trying, as cancelled, and says what it did', async () => {
    await startWorker();
    await fail('cancelled', { open: 6, closed: 0 });
    rules = noRules;
    const replay = await startTestReplay(servers, { filter: filterOf('cancelled'), runsPerSecond: 1 });
    await untilTried(replay, 2);
    await replay.cancel();
    const { cause } = (await replay.result().catch((error: unknown) => error)) as WorkflowFailedError;
    expect(cause).toBeInstanceOf(CancelledFailure);
    const progress = await replay.query(replayProgressQuery);
    expect(progress.state).toBe('cancelled');
    expect(progress.counts.fixed).toBe(progress.tried);
    expect(progress.tried).toBeLessThan(6);
    const { typedSearchAttributes } = await replay.describe();
    expect(typedSearchAttributes.getAll()).toContainEqual(expect.objectContaining({ value: 'cancelled' }));
    // The rest is there for the next one.
    const next = await (await startTestReplay(servers, { filter: filterOf('cancelled') })).result();
    expect(next.tried + progress.tried).toBe(6);
  }, 60_000);

  it('and another one at the same time try each pod at its own account, and a closed one once in all', async () => {
    await startWorker();
    const { open, closed } = await fail('rivals', { open: 5, closed: 5 });
    rules = noRules;
    const replays = await Promise.all([1, 2].map(() => startTestReplay(servers, { filter: filterOf('rivals') })));
    const results = await Promise.all(replays.map((replay) => replay.result()));
    for (const pod of closed) {
      const told = results.map(({ runs }) => runs.find(({ workflowId }) => workflowId === podWorkflowId(cluster, pod)));
      expect(told.filter((run) => run?.outcome === 'fixed')).toHaveLength(1);
      const [other] = told.filter((run) => run?.outcome !== 'fixed');
      if (other?.outcome === 'error') expect(other.reason).toContain('already running: the replay "replay/test/');
      else expect(other?.outcome).toBe('already-fixed');
      expect((await handleOf(reclassifyWorkflowId(cluster, pod.uid)).describe()).status.name).toBe('COMPLETED');
    }
    for (const pod of open) {
      const told = results.flatMap(({ runs }) =>
        runs.filter(({ workflowId }) => workflowId === podWorkflowId(cluster, pod)),
      );
      expect(told.filter(({ outcome }) => outcome === 'fixed')).toHaveLength(1);
      expect(told.every(({ outcome }) => outcome === 'fixed' || outcome === 'unchanged')).toBe(true);
    }
  }, 60_000);

  it('meets a run again that closed meanwhile, and does not try it again', async () => {
    await startWorker({ replayPageSize: 1 });
    const { open } = await fail('closing', { open: 5, closed: 1 });
    const replay = await startTestReplay(servers, { filter: filterOf('closing'), runsPerSecond: 1 });
    const [first] = (await untilTried(replay, 1)).runs;
    const closing = open.find((pod) => podWorkflowId(cluster, pod) === first?.workflowId)!;
    await handleOf(podWorkflowId(cluster, closing)).signal(podChangesSignal, {
      changes: lifeOf(closing, { end: true }).slice(2),
      epoch: 0,
    });
    await untilShown(servers, { namespace: 'closing', closed: 2 });
    const result = await replay.result();
    // Seven rows, one of them met twice, and an empty last page.
    expect(result).toMatchObject({ tried: 6, pages: 8, counts: { 'still-failing': 6 } });
    expect(await eventsOf(handleOf(podWorkflowId(cluster, closing)), acceptedUpdate)).toHaveLength(1);
    await expect(handleOf(reclassifyWorkflowId(cluster, closing.uid)).describe()).rejects.toThrow();
  }, 60_000);

  it('goes on when a run cannot be asked, and says so', async () => {
    const deaf: string[] = [];
    const real = () =>
      createReplayActivities({ client: servers.client, cluster, rules: () => rules, metrics: createMetrics() });
    await startWorker({
      activities: {
        reclassifyOpenRun: async (input) => {
          if (deaf.includes(input.workflowId)) throw failure('no_worker', 'no pod worker answered');
          return await real().reclassifyOpenRun(input);
        },
      },
    });
    const { open } = await fail('deaf', { open: 3, closed: 0 });
    rules = noRules;
    deaf.push(podWorkflowId(cluster, open[1]!));
    const result = await (await startTestReplay(servers, { filter: filterOf('deaf') })).result();
    expect(result.counts).toMatchObject({ fixed: 2, error: 1 });
    expect(result.runs.find(({ outcome }) => outcome === 'error')).toMatchObject({
      workflowId: deaf[0],
      reason: 'no pod worker answered',
    });
  }, 90_000);

  it('tries a run once although the answer gets lost on its way', async () => {
    const lost = new Set<string>();
    const real = createReplayActivities({
      client: servers.client,
      cluster,
      rules: () => rules,
      metrics: createMetrics(),
    });
    await startWorker({
      activities: {
        reclassifyOpenRun: async (input) => {
          const answer = await real.reclassifyOpenRun(input);
          if (lost.has(input.workflowId)) return answer;
          lost.add(input.workflowId);
          throw failure('temporal_unavailable', 'the answer got lost');
        },
      },
    });
    const { open } = await fail('lost', { open: 3, closed: 0 });
    rules = noRules;
    const result = await (await startTestReplay(servers, { filter: filterOf('lost') })).result();
    expect(lost.size).toBe(3);
    expect(result.counts).toMatchObject({ fixed: 3, unchanged: 0 });
    for (const pod of open)
      expect(await eventsOf(handleOf(podWorkflowId(cluster, pod)), acceptedUpdate)).toHaveLength(1);
  }, 60_000);

  it('is started once for one request, also when that is sent again after its end', async () => {
    await startWorker();
    const request = {
      workflow: servers.client.workflow,
      cluster,
      requestId: randomUUID(),
      filter: filterOf('nowhere'),
      dryRun: false,
      reason: 'twice',
    };
    const started = await startReplay(request);
    expect(started).toMatchObject({ started: true, workflowId: replayWorkflowId(cluster, request.requestId) });
    expect(await startReplay(request)).toEqual({ ...started, started: false });
    await handleOf(started.workflowId).result();
    expect(await startReplay(request)).toEqual({ ...started, started: false });
  }, 30_000);

  it('of another cluster waits for a worker of that one', async () => {
    await startWorker();
    const replay = await startTestReplay(servers, { cluster: 'elsewhere' });
    let message: string | null | undefined;
    while (message === undefined || message === null) {
      await sleep(200);
      message = (await replay.describe()).raw.pendingActivities?.[0]?.lastFailure?.message;
    }
    expect(message).toContain('Asked for "elsewhere", serving "test"');
    await replay.terminate();
  }, 30_000);
});
