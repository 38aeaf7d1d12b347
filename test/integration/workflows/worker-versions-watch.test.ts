import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopSignal } from '../../../workflows/watch-pods.messages.ts';
import { healthyLife } from '../../helpers/pod-changes.ts';
import { checkpointAt } from '../../helpers/watch-values.ts';
import { freshPod, sendChanges, startPodRun, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { scriptedWatch, startWatchRun } from '../../helpers/workflows/watch-runs.ts';
import { createVersionCommands, untilKnown, versionsOf } from '../../helpers/workflows/worker-versions.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('the first build id, and the watch beside versioned pod workers', () => {
  let servers: WorkflowServers;
  let commands: Awaited<ReturnType<typeof createVersionCommands>>;
  const startVersion = async (buildId: string) => {
    const worker = await servers.startPodWorker({ buildId });
    await untilKnown(() => commands.describe(buildId));
    return worker;
  };
  beforeEach(async () => {
    servers = await startWorkflowServers();
    commands = await createVersionCommands(servers);
  }, 60_000);
  afterEach(() => servers.close());

  it('open runs and the watch move from workers without a build id to the first version, and back', async () => {
    const watch = scriptedWatch();
    await servers.startPodWorker();
    await servers.startWatchWorker(watch.activities);
    const pod = freshPod();
    const [add, ready, terminating] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [add!] });
    await untilTaken(run, 1);
    const watching = await startWatchRun(servers);
    const first = await watch.next();

    const versioned = await startVersion('one');
    await commands.setCurrent('one');
    await sendChanges(run, [ready!]);
    await untilTaken(run, 2);
    first.returns(500);
    const second = await watch.next();
    expect(second.input.checkpoint).toEqual(checkpointAt(500));
    expect(await versionsOf(run)).toEqual(['', 'one']);
    expect(await versionsOf(watching)).toEqual(['', 'one']);

    await commands.setUnversioned();
    // Until it is stopped it keeps the runs it has in its cache.
    await versioned.stop();
    await sendChanges(run, [terminating!]);
    await untilTaken(run, 3);
    second.returns(600);
    expect((await watch.next()).input.checkpoint).toEqual(checkpointAt(600));
    expect(await versionsOf(run)).toEqual(['', 'one', '']);
    await watching.signal(stopSignal);
    await watching.result();
  }, 60_000);

  it('a watch worker without a build id holds the watch whatever version is current', async () => {
    const watch = scriptedWatch();
    await servers.startWatchWorker(watch.activities);
    await Promise.all([startVersion('one'), startVersion('two')]);
    await commands.setCurrent('one');
    const watching = await startWatchRun(servers);
    const first = await watch.next();
    await commands.setCurrent('two');
    first.returns(500);
    (await watch.next()).returns(600);
    expect((await watch.next()).input.checkpoint).toEqual(checkpointAt(600));
    expect(await versionsOf(watching)).toEqual(['one', 'two']);
    await watching.signal(stopSignal);
    await watching.result();
  }, 60_000);

  // Why watch workers have no build id: with one, this is what a version without its own watch worker would do.
  it('a watch worker with a build id is left without the watch when another version becomes current', async () => {
    const watch = scriptedWatch();
    await Promise.all([startVersion('one'), startVersion('two'), servers.startWatchWorker(watch.activities, 'one')]);
    await commands.setCurrent('one');
    const watching = await startWatchRun(servers);
    (await watch.next()).returns(500);
    const second = await watch.next();
    // Without the option the server refuses only while the queue had tasks lately, and a watch has one in ten minutes.
    await commands.setCurrent('two', '--ignore-missing-task-queues');
    second.returns(600);
    const third = watch.next();
    expect(await Promise.race([third, sleep(5000, 'nobody holds it')])).toBe('nobody holds it');

    await servers.startWatchWorker(watch.activities);
    expect((await third).input.checkpoint).toEqual(checkpointAt(600));
    await watching.signal(stopSignal);
    await watching.result();
  }, 60_000);
});
