import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';
import { podWorkflowId } from '../../../domain/names.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { watchProblem } from '../../../triggers/pod-watch/hold/watch-problem.ts';
import { pauseSignal, watchStatusQuery } from '../../../workflows/watch-pods.messages.ts';
import { pod } from '../../helpers/kubernetes/objects.ts';
import {
  answerStatus,
  type ScriptedApiServer,
  startScriptedApiServer,
} from '../../helpers/kubernetes/scripted-api-server.ts';
import { freshPod } from '../../helpers/workflows/pod-runs.ts';
import { checkpointAt } from '../../helpers/watch-values.ts';
import { createWatchRig, startAttempt, type WatchRigOptions } from '../../helpers/workflows/watch-rig.ts';
import { startWatchRun, untilStatus, watchConfiguration } from '../../helpers/workflows/watch-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('the watch activity', () => {
  let servers: WorkflowServers;
  let api: ScriptedApiServer;
  let closers: (() => Promise<unknown>)[];
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker();
  }, 60_000);
  beforeEach(async () => {
    api = await startScriptedApiServer();
    closers = [];
  });
  afterEach(async () => {
    for (const close of closers) await close();
    await api.close();
  });
  afterAll(() => servers.close());

  const rig = async (options: Partial<WatchRigOptions> = {}) => {
    const { kubeconfigPath } = api;
    const made = await createWatchRig({ kubeconfigPath, workflow: servers.client.workflow, ...options });
    closers.push(made.close);
    return made;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await sleep(20);
  };

  it('begins with a heartbeat of the checkpoint it inherits, and watches from there without a list', async () => {
    const { activities, sigterm } = await rig();
    const attempt = startAttempt({
      activities,
      inherited: checkpointAt(150, 2),
      input: { checkpoint: checkpointAt(100) },
    });
    expect(attempt.heartbeats).toEqual([{ checkpoint: checkpointAt(150, 2), view: null }]);
    await api.nextWatch();
    expect(api.of('watch')[0]?.query.get('resourceVersion')).toBe('150');
    expect(api.of('list')).toEqual([]);
    sigterm();
    expect(await attempt.result).toMatchObject({ checkpoint: checkpointAt(150, 2), endedBy: 'shutdown' });
  });

  it('hands every change to the run of its pod, and on SIGTERM returns at once how far it came', async () => {
    const { activities, sigterm, holder } = await rig();
    const identity = freshPod();
    const attempt = startAttempt({ activities });
    const stream = await api.nextWatch();
    stream.send('ADDED', pod({ ...identity, version: 120 }));
    await until(() => holder.view()?.accepted === 1 || attempt.heartbeats.at(-1)?.view?.accepted === 1);
    const startedMs = performance.now();
    sigterm();
    const result = await attempt.result;
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(result).toMatchObject({
      endedBy: 'shutdown',
      accepted: 1,
      checkpoint: { sources: { '': { version: '120' } } },
    });
    expect(holder.view()).toBeUndefined();
    const run = servers.client.workflow.getHandle(podWorkflowId('test', identity));
    expect((await run.describe()).status.name).toBe('RUNNING');
    await stream.closed;
  }, 20_000);

  it('tells readiness that its first list is not complete, until it is', async () => {
    // A cluster of its own, so that nothing is known of it.
    const { activities, sigterm, holder } = await rig({ cluster: 'unlisted' });
    const unanswered = new Promise<() => void>((resolve) => {
      api.script('list', (_, response) => resolve(() => void response.destroy()));
    });
    const attempt = startAttempt({ activities, input: { cluster: 'unlisted' } });
    const giveUp = await unanswered;
    expect(watchProblem(holder)).toBe('the first list of the cluster is not complete yet');
    giveUp();
    await api.nextWatch();
    await until(() => watchProblem(holder) === undefined);
    sigterm();
    await attempt.result;
  }, 20_000);

  it('returns how far it came when it is cancelled, and when its interval is over', async () => {
    // A cluster of its own: without its own list of known pods, a watch takes in the open runs of its cluster.
    const cluster = 'quiet';
    const { activities } = await rig({ cluster });
    const cancelled = startAttempt({ activities, input: { cluster, checkpoint: checkpointAt(100) } });
    (await api.nextWatch()).bookmark(130);
    await sleep(200);
    cancelled.cancel();
    expect(await cancelled.result).toMatchObject({
      endedBy: 'cancelled',
      checkpoint: { sources: { '': { version: '130' } } },
    });
    const configuration = watchConfiguration({ intervalSeconds: 1 });
    const short = startAttempt({ activities, input: { cluster, configuration } });
    expect(await short.result).toMatchObject({
      endedBy: 'interval',
      checkpoint: { sources: { '': { version: '100' } } },
    });
  }, 20_000);

  it('keeps its checkpoint behind a change that Temporal does not take', async () => {
    const down = Promise.reject(new Error('Temporal is away'));
    down.catch(() => undefined);
    const workflow = {
      signalWithStart: () => down,
      getHandle: () => undefined,
      list: () => [],
    } as unknown as WorkflowClient;
    const { activities, sigterm } = await rig({ workflow });
    const attempt = startAttempt({ activities, input: { checkpoint: checkpointAt(100) } });
    const stream = await api.nextWatch();
    stream.send('ADDED', pod({ ...freshPod(), version: 120 }));
    stream.bookmark(140);
    await until(() => attempt.heartbeats.at(-1)?.view?.waiting === 1);
    expect(attempt.heartbeats.at(-1)?.checkpoint).toEqual(checkpointAt(100));
    sigterm();
    expect(await attempt.result).toMatchObject({ checkpoint: checkpointAt(100), accepted: 0 });
  }, 20_000);

  it('stops reading everything when one of its sources fails, so that the next attempt is alone', async () => {
    const metrics = createMetrics();
    metrics.snapshotsTruncated.inc = () => {
      throw new Error('a fault of ours');
    };
    const { activities } = await rig({ metrics });
    const configuration = watchConfiguration({
      scope: { scopeName: 'all', namespaces: ['one', 'two'], excludePatterns: [] },
    });
    const attempt = startAttempt({ activities, input: { configuration } });
    const streams = [await api.nextWatch(), await api.nextWatch()];
    const labels = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`label-${index}`, 'x'.repeat(60)]));
    streams[0]!.send('ADDED', pod({ ...freshPod(), version: 120, labels }));
    await expect(attempt.result).rejects.toThrow('a fault of ours');
    await Promise.all(streams.map(({ closed }) => closed));
  }, 20_000);

  it('reports a gap to its run', async () => {
    const run = await startWatchRun(servers);
    const { activities, sigterm } = await rig();
    api.script('watch', answerStatus(410, 'Expired'));
    api.version = '500';
    const input = { checkpoint: checkpointAt(100), watchWorkflowId: run.workflowId };
    const attempt = startAttempt({ activities, input });
    const { gaps } = await untilStatus(run, ({ gapCount }) => gapCount === 1);
    expect(gaps[0]).toMatchObject({ source: '', fromVersion: '100', toVersion: '500', reason: 'expired' });
    sigterm();
    await attempt.result;
    await run.terminate();
  }, 20_000);

  it('goes from one worker to the next without a list, with what the run and the heartbeat know', async () => {
    const run = await startWatchRun(servers, { cluster: 'handover' });
    const first = await rig({ cluster: 'handover' });
    const worker = await servers.startWatchWorker(first.activities);
    const identity = freshPod();
    (await api.nextWatch()).send('ADDED', pod({ ...identity, version: 120 }));
    await until(() => first.holder.view()?.accepted === 1);
    const lists = api.of('list').length;
    first.sigterm();
    await worker.stop();
    const second = await rig({ cluster: 'handover' });
    const other = await servers.startWatchWorker(second.activities);
    (await api.nextWatch()).send('DELETED', pod({ ...identity, version: 125 }));
    const podRun = servers.client.workflow.getHandle(podWorkflowId('handover', identity));
    expect(await podRun.result()).toMatchObject({ operations: { add: 1, update: 0, delete: 1 } });
    expect(api.of('watch').at(-1)?.query.get('resourceVersion')).toBe('120');
    expect(api.of('list')).toHaveLength(lists);
    await run.signal(pauseSignal);
    await untilStatus(run, ({ lastInterval }) => lastInterval?.endedBy === 'cancelled');
    expect(await run.query(watchStatusQuery)).toMatchObject({ checkpoint: { sources: { '': { version: '125' } } } });
    await run.terminate();
    await other.stop();
  }, 40_000);

  it('refuses the watch of another cluster, whose pods it would take for gone', async () => {
    const { activities } = await rig({ cluster: 'here' });
    const attempt = startAttempt({ activities, input: { cluster: 'elsewhere', checkpoint: checkpointAt(100) } });
    await expect(attempt.result).rejects.toMatchObject({ type: 'foreign_cluster', nonRetryable: false });
  });

  it('goes on adopting after a first list that was cut short: no runs for healthy pods, no gap', async () => {
    const [noted, unread] = [freshPod(), freshPod()];
    api.objects = [pod({ ...noted, version: 90 }), pod({ ...unread, version: 91 })];
    api.version = '100';
    const known = { ...noted, version: '90', hasRun: false };
    const { activities, sigterm } = await rig({
      cluster: 'adopting',
      store: {
        load: () => Promise.resolve({ ok: true, value: { pods: new Map([[noted.uid, known]]), complete: true } }),
        write: () => Promise.resolve({ ok: true, value: { applied: true, complete: true } }),
      },
    });
    const attempt = startAttempt({
      activities,
      input: { cluster: 'adopting' },
      inherited: { sources: {}, epoch: 0, adopting: [''] },
    });
    await api.nextWatch();
    sigterm();
    expect(await attempt.result).toMatchObject({ accepted: 0, checkpoint: { sources: { '': { version: '100' } } } });
    expect(await attempt.result).not.toHaveProperty('checkpoint.adopting');
    // A gap would have been reported, in vain, to a run that is not there, and held the checkpoint back.
  });
});
