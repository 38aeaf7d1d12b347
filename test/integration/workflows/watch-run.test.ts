import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  gapSignal,
  pauseSignal,
  reconfigureUpdate,
  resumeSignal,
  stopSignal,
  watchStatusQuery,
} from '../../../workflows/watch-pods.messages.ts';
import { checkpointAt, gapFrom } from '../../helpers/watch-values.ts';
import {
  scriptedWatch,
  startWatchRun,
  untilStatus,
  watchConfiguration,
  type WatchRunHandle,
} from '../../helpers/workflows/watch-runs.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../helpers/workflows/workflow-servers.ts';

describe('the run of a watch', () => {
  let servers: WorkflowServers;
  let watch: ReturnType<typeof scriptedWatch>;
  let worker: RunningWorker;
  let run: WatchRunHandle;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker();
  }, 60_000);
  beforeEach(async () => {
    watch = scriptedWatch();
    worker = await servers.startWatchWorker(watch.activities);
  });
  afterEach(async () => {
    await run.terminate().catch(() => undefined);
    watch.release();
    await worker.stop();
  });
  afterAll(() => servers.close());

  it('hands the checkpoint of one interval to the next', async () => {
    run = await startWatchRun(servers);
    const first = await watch.next();
    expect(first.input).toMatchObject({ checkpoint: null, interval: 1, watchWorkflowId: run.workflowId });
    first.returns(500);
    const second = await watch.next();
    expect(second.input).toMatchObject({ checkpoint: checkpointAt(500), interval: 2 });
    expect(await run.query(watchStatusQuery)).toMatchObject({
      mode: 'running',
      interval: 2,
      checkpoint: checkpointAt(500),
      lastInterval: { endedBy: 'interval', accepted: 7 },
      missingPermissions: ['watch pods'],
    });
  });

  it('starts no interval while it is paused, and goes on from its checkpoint', async () => {
    run = await startWatchRun(servers);
    (await watch.next()).heartbeat(300);
    await run.signal(pauseSignal);
    const paused = await untilStatus(run, ({ lastInterval }) => lastInterval !== null);
    expect(paused).toMatchObject({ mode: 'paused', interval: 1, lastInterval: { endedBy: 'cancelled' } });
    await sleep(500);
    expect(await run.query(watchStatusQuery)).toMatchObject({ interval: 1 });
    await run.signal(resumeSignal);
    expect((await watch.next()).input).toMatchObject({ interval: 2, checkpoint: checkpointAt(300) });
  });

  it('ends when it is told to stop, also while it is paused', async () => {
    run = await startWatchRun(servers);
    await watch.next();
    await run.signal(stopSignal);
    expect(await run.result()).toEqual({ intervals: 1, gapCount: 0 });

    run = await startWatchRun(servers);
    await watch.next();
    await run.signal(pauseSignal);
    await run.signal(stopSignal);
    expect(await run.result()).toMatchObject({ intervals: 1 });
  });

  it('can be stopped while no worker holds it', async () => {
    await worker.stop();
    run = await startWatchRun(servers);
    await untilStatus(run, ({ interval }) => interval === 1);
    await run.signal(stopSignal);
    expect(await run.result()).toEqual({ intervals: 1, gapCount: 0 });
  });

  it('is cancelled when somebody cancels it', async () => {
    run = await startWatchRun(servers);
    await watch.next();
    await run.cancel();
    await expect(run.result()).rejects.toThrow('cancelled');
  });

  it('gives a new configuration to the next interval at once', async () => {
    run = await startWatchRun(servers);
    (await watch.next()).heartbeat(40);
    const configuration = watchConfiguration({ coalesceMs: 900 });
    const reconfiguration = { configuration, configHash: 'new', revision: 2 };
    expect(await run.executeUpdate(reconfigureUpdate, { args: [reconfiguration] })).toEqual({
      changed: true,
      revision: 2,
    });
    const { input } = await watch.next();
    expect(input).toMatchObject({ configuration: { coalesceMs: 900 }, checkpoint: checkpointAt(40), interval: 2 });
  });

  it('goes on undisturbed when it is given the configuration it has, and remembers the newer revision', async () => {
    run = await startWatchRun(servers, { configHash: 'same' });
    const interval = await watch.next();
    const same = { configuration: watchConfiguration(), configHash: 'same', revision: 5 };
    expect(await run.executeUpdate(reconfigureUpdate, { args: [same] })).toEqual({ changed: false, revision: 5 });
    interval.returns(9);
    expect((await watch.next()).input.interval).toBe(2);
    expect(await run.query(watchStatusQuery)).toMatchObject({ revision: 5 });
  });

  it('takes a configuration that was made from the one in force, and refuses one made from another', async () => {
    run = await startWatchRun(servers, { configHash: 'first' });
    await watch.next();
    const change = (coalesceMs: number, expectedHash: string) => {
      const configuration = watchConfiguration({ coalesceMs });
      const args = [{ configuration, configHash: `of ${coalesceMs}`, revision: 1, expectedHash }] as const;
      return run.executeUpdate(reconfigureUpdate, { args: [...args] });
    };
    expect(await change(1, 'first')).toEqual({ changed: true, revision: 1 });
    await expect(change(2, 'first')).rejects.toMatchObject({ cause: { type: 'stale_revision' } });
    expect(await run.query(watchStatusQuery)).toMatchObject({ configHash: 'of 1', configuration: { coalesceMs: 1 } });
  });

  it.each([
    ['an older revision', watchConfiguration(), 2, 'stale_revision', 'revision 2 is older than revision 3'],
    [
      'another scope name',
      watchConfiguration({ scope: { scopeName: 'other', namespaces: [], excludePatterns: [] } }),
      4,
      'invalid_scope',
      `scopeName can't change: this run watches "all"`,
    ],
    [
      'a namespace that is none',
      watchConfiguration({ scope: { scopeName: 'all', namespaces: ['Not A Name'], excludePatterns: [] } }),
      4,
      'invalid_scope',
      'namespaces[0] "Not A Name"',
    ],
  ])('refuses %s and goes on as it was', async (_, configuration, revision, type, message) => {
    run = await startWatchRun(servers, { revision: 3 });
    const interval = await watch.next();
    const error: unknown = await run
      .executeUpdate(reconfigureUpdate, { args: [{ configuration, configHash: 'other', revision }] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    expect((error as WorkflowUpdateFailedError).cause).toMatchObject({
      type,
      message: expect.stringContaining(message) as unknown,
    });
    interval.returns(1);
    expect((await watch.next()).input.configuration).toEqual(watchConfiguration());
  });

  it('records a gap once although it is reported twice, and each further one', async () => {
    run = await startWatchRun(servers);
    await run.signal(gapSignal, gapFrom('100'));
    await run.signal(gapSignal, gapFrom('100', { toVersion: '950' }));
    await run.signal(gapSignal, gapFrom('700'));
    const { gaps, gapCount } = await run.query(watchStatusQuery);
    expect(gapCount).toBe(2);
    expect(gaps.map(({ fromVersion, toVersion }) => `${fromVersion}→${toVersion}`)).toEqual(['100→950', '700→900']);
  });

  it('starts an attempt again from the heartbeat of the one that died', async () => {
    run = await startWatchRun(servers);
    const first = await watch.next();
    first.heartbeat(777);
    await sleep(1500);
    first.throws(new Error('out of memory'));
    const second = await watch.next();
    expect(second).toMatchObject({ attempt: 2, inherited: { checkpoint: checkpointAt(777) } });
    expect(second.input.interval).toBe(1);
  });

  it('keeps the checkpoint of a dead attempt that was cancelled and so is not tried again', async () => {
    run = await startWatchRun(servers);
    (await watch.next()).heartbeat(888);
    await sleep(1500);
    watch.silence();
    await run.signal(pauseSignal);
    const { checkpoint } = await untilStatus(run, (status) => status.checkpoint !== null);
    expect(checkpoint).toEqual(checkpointAt(888));
  }, 30_000);

  it('continues as new with everything it knows', async () => {
    run = await startWatchRun(servers, { historyLimit: 20 });
    const started = (await run.describe()).runId;
    await run.signal(gapSignal, gapFrom('100'));
    const latest = servers.client.workflow.getHandle(run.workflowId);
    for (let version = 1; (await latest.describe()).runId === started; version += 1)
      (await watch.next()).returns(version);
    const { input } = await watch.next();
    expect(input.checkpoint).toEqual(checkpointAt(input.interval - 1));
    expect(await latest.query(watchStatusQuery)).toMatchObject({
      interval: input.interval,
      gaps: [gapFrom('100')],
      gapCount: 1,
      lastInterval: { endedBy: 'interval' },
      missingPermissions: ['watch pods'],
    });
  }, 30_000);
});
