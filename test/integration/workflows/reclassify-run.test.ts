import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApplicationFailure, type WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { type CompiledRules, noRules } from '../../../domain/pods/rules/compiled-rules.ts';
import type { PodRunState } from '../../../domain/pods/run/pod-run.ts';
import type { ReclassifyResult } from '../../../domain/pods/run/reclassification.ts';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import {
  podStateQuery,
  podTimelineQuery,
  type ReclassifyRequest,
  reclassifyInputsQuery,
  reclassifyUpdate,
} from '../../../workflows/pod-lifecycle.messages.ts';
import { drivePodRun } from '../../helpers/drive-pod-run.ts';
import { failingAt, failingRule, handMadeRules } from '../../helpers/hand-made-rules.ts';
import { crashingLife, healthyLife, observedChange } from '../../helpers/pod-changes.ts';
import {
  freshPod,
  type PodRunHandle,
  sendChanges,
  startPodRun,
  timelineVersions,
  untilTaken,
} from '../../helpers/workflows/pod-runs.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../helpers/workflows/workflow-servers.ts';

const day = { failedRetentionSeconds: 86_400 };

describe('a pod run that is asked to classify again', () => {
  let servers: WorkflowServers;
  let worker: RunningWorker;
  let rules: CompiledRules;
  const startWorker = async (activities?: Parameters<WorkflowServers['startPodWorker']>[0]) => {
    worker = await servers.startPodWorker({ rules: () => rules, ...activities });
  };
  beforeAll(async () => {
    servers = await startWorkflowServers();
  }, 60_000);
  afterEach(() => worker.stop());
  afterAll(() => servers.close());

  /** Asks the newest run of this pod, which after a continue-as-new is another one. */
  const newest = (run: PodRunHandle) => servers.client.workflow.getHandle(run.workflowId) as PodRunHandle;
  const ask = (run: PodRunHandle, request: Partial<ReclassifyRequest> = {}): Promise<ReclassifyResult> =>
    newest(run).executeUpdate(reclassifyUpdate, {
      args: [{ requestId: 'replay-1', reason: 'rule mended', ...request }],
    });
  const attributes = async (run: PodRunHandle) => {
    const { typedSearchAttributes } = await newest(run).describe();
    return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  };
  const { state, tags } = searchAttributes;

  it('mends what failed: timeline, totals, attributes and details', async () => {
    rules = failingAt([20, 30]);
    await startWorker();
    const pod = freshPod();
    const [, crash, backOff, gone] = crashingLife(pod);
    // Nothing about this one is due for a review, so every classification here is one that the test asked for.
    const healthy = observedChange({ ...pod, operation: 'add', version: 10, observed: -120 });
    const run = await startPodRun(servers, { pod, changes: [healthy] });
    await sendChanges(run, [crash!]);
    await sendChanges(run, [backOff!]);
    await untilTaken(run, 3);
    // The attributes come with the end of the task, which a query may be ahead of.
    let failed = await attributes(run);
    while (failed[state.name] === 'Progressing') failed = await attributes(run);
    expect(failed).toMatchObject({
      [state.name]: 'classification-failed',
      [tags.name]: expect.arrayContaining(['failed-rule:team-of']) as unknown,
    });
    const inputs = await run.query(reclassifyInputsQuery);
    expect(inputs).toMatchObject({
      failures: [{ rule: 'team-of', changes: [crash] }, { changes: [backOff] }],
      snapshot: { version: '10' },
      gone: false,
      attempt: 4,
    });
    rules = noRules;
    expect(await ask(run)).toEqual({
      outcome: 'fixed',
      fixed: 2,
      failing: 0,
      from: 'Healthy',
      to: 'Degraded, AppError, high',
      rulesVersion: 'none',
    });
    expect(await timelineVersions(run)).toEqual(['10', '20', '30']);
    expect(await run.query(podStateQuery)).toMatchObject({ classified: 3, failed: 0, snapshot: { version: '30' } });
    const shown = await attributes(run);
    expect(shown).toMatchObject({ [state.name]: 'Degraded', [searchAttributes.cause.name]: 'AppError' });
    expect(shown[tags.name]).not.toContain('failed-rule:team-of');
    const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('because `rule mended`, 2 changes classified, `Healthy` is now');
    await sendChanges(run, [gone!]);
    expect(await run.result()).toMatchObject({
      operations: { add: 1, update: 2, delete: 1 },
      classified: 4,
      failed: 0,
    });
  }, 60_000);

  it('says what still fails, and tells rules that changed the verdict from those that did not', async () => {
    rules = failingAt([20], 'first');
    await startWorker();
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 1) });
    await sendChanges(run, healthyLife(pod).slice(1, 2));
    await untilTaken(run, 2);
    rules = failingAt([20], 'second');
    expect(await ask(run)).toMatchObject({ outcome: 'still-failing', fixed: 0, failing: 1, rule: 'second' });
    expect((await attributes(run))[tags.name]).toContain('failed-rule:second');
    rules = noRules;
    expect(await ask(run, { requestId: 'replay-2' })).toMatchObject({ outcome: 'fixed', to: 'Healthy' });
    expect(await ask(run, { requestId: 'replay-3' })).toMatchObject({ outcome: 'unchanged', from: 'Healthy' });
    rules = handMadeRules('owned', () => ({ tags: ['team:shop'], team: 'shop', matched: ['owners'] }));
    expect(await ask(run, { requestId: 'replay-4' })).toMatchObject({ outcome: 'changed', to: 'Healthy, team shop' });
    expect((await attributes(run))[tags.name]).toContain('team:shop');
    await run.terminate();
  }, 60_000);

  it('whose pod is gone is asked during the retention, and completes when all is mended', async () => {
    rules = failingAt([20, 40]);
    await startWorker();
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 1), settings: day });
    for (const change of healthyLife(pod).slice(1)) await sendChanges(run, [change]);
    await untilTaken(run, 4);
    rules = failingAt([40]);
    expect(await ask(run)).toMatchObject({ outcome: 'still-failing', fixed: 1, failing: 1 });
    expect((await run.describe()).status.name).toBe('RUNNING');
    rules = noRules;
    expect(await ask(run, { requestId: 'replay-2' })).toMatchObject({ outcome: 'fixed', fixed: 1, failing: 0 });
    expect(await run.result()).toMatchObject({
      operations: { add: 1, update: 2, delete: 1 },
      classified: 4,
      failed: 0,
    });
    expect(await timelineVersions(run)).toEqual(['10', '20', '30', '40']);
    expect((await attributes(run))[state.name]).toBe('Terminating');
  }, 60_000);

  it('whose pod is gone fails at the end of the retention with what still fails', async () => {
    rules = failingAt([20]);
    await startWorker();
    const pod = freshPod();
    const settings = { failedRetentionSeconds: 5 };
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod), settings });
    await untilTaken(run, 4);
    rules = failingAt([20], 'second');
    expect(await ask(run)).toMatchObject({ outcome: 'still-failing' });
    const error = (await run.result().catch((thrown: unknown) => thrown)) as WorkflowFailedError;
    expect(error.cause).toMatchObject({
      type: 'ClassificationFailed',
      details: [{ summary: { failed: 4 }, failures: [{ rule: 'second' }], dropped: 0 }],
    });
  }, 60_000);

  it('answers every one of many requests while changes stream in, one after the other', async () => {
    rules = failingAt([5, 10, 15]);
    let underWay = 0;
    let most = 0;
    await startWorker();
    const pod = freshPod();
    const updates = Array.from({ length: 40 }, (_, index) =>
      observedChange({ ...pod, version: index + 1, containers: [{ restarts: index }] }),
    );
    const run = await startPodRun(servers, { pod, changes: [updates[0]!], settings: { historyLimit: 60 } });
    const asking = Array.from({ length: 12 }, async (_, index) => {
      await sleep(index * 40);
      underWay += 1;
      most = Math.max(most, underWay);
      if (index === 6) rules = noRules;
      const result = await ask(run, { requestId: `replay-${index}` });
      underWay -= 1;
      return result;
    });
    for (const update of updates.slice(1)) await sendChanges(newest(run), [update]);
    const answers = await Promise.all(asking);
    expect(answers).toHaveLength(12);
    expect(most).toBeGreaterThan(1);
    await untilTaken(newest(run), 40);
    await ask(run, { requestId: 'last' });
    expect(await newest(run).query(podStateQuery)).toMatchObject({ classified: 40, failed: 0, restarts: 39 });
    expect((await timelineVersions(newest(run))).filter((version) => version !== '')).toEqual(
      expect.arrayContaining(updates.map(({ snapshot }) => snapshot.version)),
    );
    await sendChanges(newest(run), [observedChange({ ...pod, operation: 'delete', version: 99 })]);
    expect(await newest(run).result()).toMatchObject({
      operations: { update: 40, delete: 1 },
      classified: 41,
      failed: 0,
    });
  }, 60_000);

  it('answers a request again with its first result, also after it continued as new, and tries nothing twice', async () => {
    rules = failingRule('team-of', ({ snapshot }) => snapshot.version === '2');
    let tried = 0;
    await startWorker();
    const pod = freshPod();
    const change = (version: number) => observedChange({ ...pod, version, containers: [{ restarts: version }] });
    const run = await startPodRun(servers, { pod, changes: [change(1)], settings: { historyLimit: 40 } });
    await sendChanges(run, [change(2)]);
    await untilTaken(run, 2);
    const first = await ask(run);
    expect(first).toMatchObject({ outcome: 'still-failing' });
    rules = handMadeRules('counting', () => {
      tried += 1;
      return {};
    });
    for (let version = 3; version <= 30; version += 1) await sendChanges(newest(run), [change(version)]);
    await untilTaken(newest(run), 30);
    expect((await newest(run).describe()).runId).not.toBe(run.signaledRunId);
    const before = tried;
    expect(await Promise.all([ask(run), ask(run)])).toEqual([first, first]);
    expect(tried).toBe(before);
    expect(await ask(run, { requestId: 'replay-2' })).toMatchObject({ outcome: 'fixed', fixed: 1 });
    await newest(run).terminate();
  }, 60_000);

  it.each([
    ['with a failure that can be mended', [20], 'fixed'],
    ['without any failure', [], 'unchanged'],
  ] as const)(
    'answers a request that comes with the end of its pod, %s',
    async (_, failing, outcome) => {
      rules = failingAt(failing);
      await startWorker();
      const pod = freshPod();
      const [add, ready, , gone] = healthyLife(pod);
      const run = await startPodRun(servers, { pod, changes: [add!], settings: day });
      await sendChanges(run, [ready!]);
      await untilTaken(run, 2);
      await worker.stop();
      rules = noRules;
      const answers = Promise.all(['a', 'b'].map((requestId) => ask(run, { requestId })));
      // Nobody listens yet: the server has the requests when the worker comes, and the delete with them.
      await sleep(500);
      await sendChanges(run, [gone!]);
      await startWorker();
      expect((await answers).map((answer) => answer.outcome).sort()).toEqual([outcome, 'unchanged'].sort());
      expect(await run.result()).toMatchObject({ classified: 3, failed: 0 });
    },
    60_000,
  );

  it('that an older release started is asked like any other', async () => {
    rules = noRules;
    await startWorker();
    const pod = freshPod();
    const { retried, answered, ...older } = drivePodRun([healthyLife(pod).slice(0, 1), healthyLife(pod).slice(1, 2)], {
      rules: failingAt([20]),
    });
    expect([retried, answered]).toEqual([0, []]);
    const settings = { carried: { state: older as PodRunState, shown: {}, queue: [] } };
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(2, 3), settings });
    expect(await ask(run)).toMatchObject({ outcome: 'fixed', fixed: 1 });
    const { entries } = await run.query(podTimelineQuery);
    expect(entries.find(({ version }) => version === '20')).toMatchObject({ attempt: 4 });
    await sendChanges(run, healthyLife(pod).slice(3));
    expect(await run.result()).toMatchObject({ classified: 4, failed: 0 });
  }, 60_000);

  it('refuses a request that is not one, and stays as it is', async () => {
    rules = noRules;
    await startWorker();
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: healthyLife(pod).slice(0, 1) });
    const anyone = servers.client.workflow.getHandle(run.workflowId);
    for (const nonsense of [
      undefined,
      null,
      { requestId: '', reason: '' },
      { requestId: 'r', reason: 'x'.repeat(1001) },
    ]) {
      const error = await anyone
        .executeUpdate<unknown, [unknown]>(reclassifyUpdate.name, { args: [nonsense] })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
      expect((error as WorkflowUpdateFailedError).cause).toMatchObject({
        type: 'invalid_input',
        message: expect.stringMatching(/requestId must|reason must/) as unknown,
      });
    }
    await sendChanges(run, healthyLife(pod).slice(1));
    expect(await run.result()).toMatchObject({ classified: 4 });
  }, 60_000);

  it('fails the request when the work breaks down or takes too long, and goes on', async () => {
    rules = failingAt([20]);
    let slow = false;
    await startWorker({
      activities: {
        reclassifyPod: async () => {
          if (slow) await sleep(3000);
          throw new Error('broken down');
        },
      },
    });
    const pod = freshPod();
    const [add, ready, terminating, gone] = healthyLife(pod);
    const settings = { classificationTimeoutMs: 400 };
    const run = await startPodRun(servers, { pod, changes: [add!], settings });
    await sendChanges(run, [ready!]);
    await untilTaken(run, 2);
    const why = async (requestId: string) => {
      const error = (await ask(run, { requestId }).catch((thrown: unknown) => thrown)) as WorkflowUpdateFailedError;
      return error.cause as ApplicationFailure;
    };
    expect(await why('a')).toMatchObject({
      type: 'classification_failed',
      message: 'The run could not be reclassified and is as it was: broken down',
    });
    slow = true;
    expect((await why('b')).message).toMatch(/as it was: .*timed out/);
    await sendChanges(run, [terminating!]);
    expect(await untilTaken(run, 3)).toMatchObject({ classified: 2, failed: 1 });
    await worker.stop();
    rules = noRules;
    await startWorker();
    expect(await ask(run, { requestId: 'a' })).toMatchObject({ outcome: 'fixed' });
    await sendChanges(run, [gone!]);
    expect(await run.result()).toMatchObject({ classified: 4, failed: 0 });
  }, 60_000);
});
