import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podStateQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import { healthyLife } from '../../helpers/pod-changes.ts';
import { freshPod, type PodRunHandle, sendChanges, startPodRun, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { scriptedReplay, startReplayRun } from '../../helpers/workflows/scripted-replay.ts';
import { createVersionCommands, untilKnown, versionsOf } from '../../helpers/workflows/worker-versions.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

describe('an old and a new pod worker side by side', () => {
  let servers: WorkflowServers;
  let commands: Awaited<ReturnType<typeof createVersionCommands>>;
  const pages = { one: scriptedReplay(), two: scriptedReplay() };
  const startVersion = async (buildId: string, activities = {}) => {
    const worker = await servers.startPodWorker({ buildId, activities });
    await untilKnown(() => commands.describe(buildId));
    return worker;
  };
  beforeAll(async () => {
    servers = await startWorkflowServers();
    commands = await createVersionCommands(servers);
    await Promise.all([startVersion('one', pages.one.activities), startVersion('two', pages.two.activities)]);
  }, 60_000);
  afterAll(() => servers.close());

  /** A pod's run with its first change taken, and the rest of the pod's life. */
  const startRun = async (): Promise<{ run: PodRunHandle; send: () => Promise<void> }> => {
    const pod = freshPod();
    const [first, ...rest] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [first!] });
    await untilTaken(run, 1);
    let taken = 1;
    const send = async () => {
      await sendChanges(run, [rest[taken - 1]!]);
      taken += 1;
      await untilTaken(run, taken);
    };
    return { run, send };
  };

  it('an open run of a pod moves to the current version at its next task, and back when that is rolled back', async () => {
    await commands.setCurrent('one');
    const { run, send } = await startRun();
    await send();
    expect(await versionsOf(run)).toEqual(['one']);

    await commands.setCurrent('two');
    await send();
    expect(await versionsOf(run)).toEqual(['one', 'two']);

    await commands.setCurrent('one');
    await send();
    expect(await versionsOf(run)).toEqual(['one', 'two', 'one']);
    expect(await run.result()).toMatchObject({ classified: 4, failed: 0 });
  }, 60_000);

  it('a replay stays on the version it began on, with its activities, until it is moved by hand', async () => {
    await commands.setCurrent('one');
    const replay = await startReplayRun(servers);
    const first = await pages.one.next();
    await commands.setCurrent('two');
    first.returns('page 2');
    const second = await pages.one.next();
    expect(await versionsOf(replay)).toEqual(['one']);

    await commands.pin(replay.workflowId, 'two');
    second.returns('page 3');
    const third = await pages.two.next();
    expect(third.input.pageToken).toBe('page 3');
    expect(await versionsOf(replay)).toEqual(['one', 'two']);
    third.returns(null);
    expect(await replay.result()).toMatchObject({ state: 'completed', pages: 3 });
  }, 60_000);

  it('a new run begins on the current version', async () => {
    await commands.setCurrent('two');
    expect(await versionsOf((await startRun()).run)).toEqual(['two']);
    await commands.setCurrent('one');
    expect(await versionsOf((await startRun()).run)).toEqual(['one']);
  }, 60_000);

  it('a ramp of 100 % moves open runs, one of 0 % brings them back', async () => {
    await commands.setCurrent('one');
    const { run, send } = await startRun();
    await commands.ramp('two', 100);
    await send();
    await commands.ramp('two', 0);
    await send();
    expect(await versionsOf(run)).toEqual(['one', 'two', 'one']);
  }, 60_000);

  it("an ended run of a version that is gone still answers, by the current version's worker", async () => {
    const old = await startVersion('three');
    await commands.setCurrent('three');
    const { run, send } = await startRun();
    await send();
    await send();
    await send();
    await run.result();
    await commands.setCurrent('one');
    await old.stop();
    expect(await versionsOf(run)).toEqual(['three']);
    expect(await run.query(podStateQuery)).toMatchObject({ gone: true, classified: 4 });
  }, 60_000);

  it('a build id nobody has run with cannot become the current version', async () => {
    await expect(commands.setCurrent('mistyped')).rejects.toThrow(/mistyped/);
  });
});
