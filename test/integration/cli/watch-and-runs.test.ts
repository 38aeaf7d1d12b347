import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { podWorkflowId, reclassifyWorkflowId } from '../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../domain/pods/rules/compiled-rules.ts';
import { visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { podTimelineQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import { watchPodsType } from '../../../workflows/watch-pods.messages.ts';
import { failingRule } from '../../helpers/hand-made-rules.ts';
import { seedWatch } from '../../helpers/http/seed-runs.ts';
import { createPodkeeperCli, type PodkeeperCli } from '../../helpers/podkeeper-cli.ts';
import { startFailedRuns, startTestReplay } from '../../helpers/workflows/replay-runs.ts';
import {
  type RunningWorker,
  startWorkflowServers,
  type WorkflowServers,
} from '../../helpers/workflows/workflow-servers.ts';

describe('podkeeper watch and runs show, on a real server', () => {
  let servers: WorkflowServers;
  let podkeeper: PodkeeperCli;
  let worker: RunningWorker;
  let rules: CompiledRules = failingRule('team-of');
  beforeAll(async () => {
    servers = await startWorkflowServers();
    podkeeper = await createPodkeeperCli(servers.namespace);
    worker = await servers.startPodWorker({ rules: () => rules });
  }, 120_000);
  afterAll(() => servers.close(), 60_000);

  const startWatch = async (scope: string, cluster = 'test') => {
    const handle = await seedWatch({ client: servers.client, cluster }, scope);
    const query = `${visibilityQuery({ type: watchPodsType, status: 'running', cluster })} AND WorkflowId = '${handle.workflowId}'`;
    while ((await servers.client.workflow.count(query)).count === 0) await sleep(200);
    return handle;
  };
  const gone = async (scope: string) => {
    const query = `WorkflowId = 'watch/test/${scope}' AND ExecutionStatus = 'Running'`;
    while ((await servers.client.workflow.count(query)).count > 0) await sleep(200);
  };

  it('pauses, resumes and stops the one watch there is, and says what it did before', async () => {
    const handle = await startWatch('all');
    expect(await podkeeper(['watch', 'pause'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^watch\/test\/all: paused \(was running\)\./) as unknown,
    });
    expect((await podkeeper(['watch', 'pause', 'all'])).stdout).toBe('watch/test/all: was paused already.\n');
    expect((await podkeeper(['watch', 'resume'])).stdout).toBe('watch/test/all: running (was paused).\n');
    expect(await podkeeper(['watch', 'stop', 'all', '--cluster', 'test'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^watch\/test\/all: (stopping|stopped) \(was running\)\./) as unknown,
    });
    await handle.result();
    await gone('all');
    expect(await podkeeper(['watch', 'stop', 'all'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no watch "all". No watch is running.') as unknown,
    });
  }, 120_000);

  it('asks which watch is meant when there are several', async () => {
    const started = [await startWatch('a'), await startWatch('b'), await startWatch('a', 'other')];
    const one = await podkeeper(['watch', 'pause']);
    expect(one).toMatchObject({ code: 1, stderr: expect.stringContaining('watch/test/b') as unknown });
    const two = await podkeeper(['watch', 'pause', 'a']);
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining('--cluster') as unknown });
    expect(two.stderr).not.toContain('watch/test/b');
    const right = await podkeeper(['watch', 'pause', 'a', '--cluster', 'other']);
    expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining('watch/other/a: paused') as unknown });
    for (const handle of started) await handle.terminate();
  }, 120_000);

  it('shows what of a pod could not be classified, and how to try it again', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(servers, { namespace: 'billing', open: 1, closed: 1 });
    const [live, dead] = [open[0]!, closed[0]!];
    const shown = await podkeeper(['runs', 'show', `billing/${live.name}`]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/batch(es)? of changes could not be classified:\n/);
    expect(shown.stdout).toMatch(/team-of +Rule "team-of": no label "team"/);
    expect(shown.stdout).toContain(`  podkeeper replay -n billing --pod ${live.name}\n`);
    const ended = await podkeeper(['runs', 'show', podWorkflowId('test', dead)]);
    expect(ended.stdout).toContain('The run failed (ClassificationFailed): ');

    const json = JSON.parse((await podkeeper(['runs', 'show', podWorkflowId('test', live), '-o', 'json'])).stdout) as {
      failures: { count: number };
      timeline: unknown;
    };
    const handle = servers.client.workflow.getHandle(podWorkflowId('test', live));
    expect(json.failures.count).toBeGreaterThan(0);
    expect(json.timeline).toEqual(JSON.parse(JSON.stringify(await handle.query(podTimelineQuery))));

    rules = noRules;
    const replay = await startTestReplay(servers, { filter: { select: 'failed', namespace: 'billing' } });
    await replay.result();
    const told = await podkeeper(['runs', 'show', replay.workflowId]);
    expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/fixed +pod\/test\/billing\//) as unknown });
    const child = await podkeeper(['runs', 'show', reclassifyWorkflowId('test', dead.uid)]);
    expect(child).toMatchObject({ code: 0, stdout: expect.stringContaining('fixed: ') as unknown });
    expect(child.stdout).toContain(`Pod added: ${dead.name}`);
    expect((await podkeeper(['runs', 'show', `billing/${live.name}`])).stdout).not.toContain('could not be classified');
  }, 180_000);

  it('lists by the time runs started', async () => {
    const none = await podkeeper(['runs', 'list', '-o', 'json', '-n', 'billing', '--to', '2020-01-01T00:00:00Z']);
    expect(none).toMatchObject({ code: 0, stdout: '' });
    const all = await podkeeper(['runs', 'list', '-o', 'json', '-n', 'billing', '--from', '2020-01-01T01:00:00+01:00']);
    expect(all.stdout).toContain('pod/test/billing/');
    const wrong = await podkeeper(['runs', 'list', '--from', 'yesterday']);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('"yesterday" is no time') as unknown });
  }, 120_000);

  it('says that a watch was asked when no worker can tell', async () => {
    const handle = await startWatch('lonely');
    await worker.stop();
    const { code, stdout } = await podkeeper(['watch', 'pause', 'lonely']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('asked to pause; no pod worker answers')]);
    await handle.terminate();
  }, 120_000);
});
