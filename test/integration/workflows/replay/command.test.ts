import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { podWorkflowId } from '../../../../domain/names.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import type { ReplayProgress } from '../../../../domain/replay/replay.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { quickSettings } from '../../../helpers/workflows/pod-runs.ts';
import { startFailedRuns, startShownRun, lifeOf, podIn } from '../../../helpers/workflows/replay-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const program = fileURLToPath(new URL('../../../../cli/podkeeper.js', import.meta.url));

describe('podkeeper replay', () => {
  let servers: WorkflowServers;
  let rules: CompiledRules = noRules;
  let address: string;
  beforeAll(async () => {
    servers = await startWorkflowServers();
    address = (await sharedEnvironment()).temporalAddress();
  }, 60_000);
  afterAll(() => servers.close());

  const start = (args: readonly string[]) => {
    const env = { PATH: process.env['PATH'], TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: servers.namespace };
    const child = spawn(process.execPath, [program, 'replay', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => (said.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said.stderr += text.toString()));
    const ended = new Promise<typeof said & { code: number | null }>((resolve) => {
      child.once('close', (code) => resolve({ ...said, code }));
    });
    return { child, said, ended };
  };
  const run = (...args: readonly string[]) => start(args).ended;

  it('says when there is no pod worker, and goes on when there is one', async () => {
    const { said, ended } = start(['--cluster', 'test']);
    while (!said.stderr.includes('No pod worker answers yet')) await sleep(100);
    await servers.startPodWorker({ rules: () => rules });
    const { code, stderr } = await ended;
    expect(stderr).toContain('No run matches');
    expect(code).toBe(0);
  }, 120_000);

  it('says that there is nothing to replay, as long as there are no pod runs', async () => {
    const { code, stderr } = await run();
    expect(stderr).toContain('There are no pod runs');
    expect(code).toBe(0);
  }, 120_000);

  it('follows the replay, prints what still fails first, and exits with 1 until nothing does', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(servers, { namespace: 'cli', open: 2, closed: 2 });
    rules = failingRule('owner-of', ({ snapshot }) => snapshot.uid === open[0]!.uid);
    const first = await run('-n', 'cli', '--reason', 'label added');
    expect(first.code).toBe(1);
    const [, top, ...others] = first.stdout.split('\n');
    expect(top).toContain('still-failing');
    expect(top).toContain(podWorkflowId(quickSettings.cluster, open[0]!));
    expect(top).toContain('owner-of');
    expect(others.filter((line) => line.startsWith('fixed'))).toHaveLength(3);
    expect(first.stdout).toContain('Replay: 4 runs tried: 1 still-failing, 3 fixed.');
    expect(first.stderr).toMatch(/Replay replay\/test\/cli-\S+ started/);

    rules = noRules;
    const dry = await run('-n', 'cli', '--dry-run', '-o', 'json');
    expect(JSON.parse(dry.stdout) as ReplayProgress).toMatchObject({
      dryRun: true,
      counts: { fixed: 1, 'already-fixed': closed.length },
    });
    expect((await run('-n', 'cli')).code).toBe(0);
  }, 180_000);

  it('leaves a replay running on Ctrl-C, which status then follows and cancel ends', async () => {
    rules = failingRule('team-of');
    await startFailedRuns(servers, { namespace: 'slow', open: 60, closed: 0 });
    rules = noRules;
    const { child, said, ended } = start(['-n', 'slow', '--rate', '1']);
    while (!/ [1-9]\d* runs? tried|^[1-9]\d* runs? tried/m.test(said.stderr)) await sleep(100);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('(about 60 match)');
    const id = /podkeeper replay status -f (\S+)/.exec(stderr)?.[1] ?? '';
    expect(await servers.client.workflow.getHandle(id).describe()).toMatchObject({ status: { name: 'RUNNING' } });

    const status = await run('status', id, '-o', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({ workflowId: id, state: 'running' });
    expect(status.code).toBe(0);
    expect((await run('cancel', id)).code).toBe(0);
    const end = await run('status', '-f', id);
    expect(end.stdout).toContain('Replay (cancelled): ');
    expect(end.code).toBe(1);
    expect(await run('cancel', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has ended already') as unknown,
    });
  }, 180_000);

  it('starts and leaves with --no-wait', async () => {
    const { code, stdout } = await run('-n', 'nowhere', '--no-wait', '-o', 'json');
    expect(code).toBe(0);
    const { workflowId } = JSON.parse(stdout) as { workflowId: string };
    const end = await run('status', '-f', workflowId);
    expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining('No run matches') as unknown });
  }, 120_000);

  it.each([
    [['--cause', 'Boredom'], '--cause "Boredom" is no cause'],
    [['--from', 'yesterday'], '--from "yesterday" is no RFC 3339 time'],
    [['--owner', 'web'], '--owner "web" is no <kind>/<name>'],
    [['--cluster', 'A'], '--cluster "A" is no name'],
    [['--rate', '0'], 'Give a whole number from 1 to 200'],
  ])(
    'takes no %j',
    async (args, message) => {
      const { code, stderr } = await run(...args);
      expect(stderr).toContain(message);
      expect(code).toBe(2);
    },
    60_000,
  );

  it('says when there is no such replay', async () => {
    const { code, stderr } = await run('status', 'replay/test/none');
    expect(stderr).toContain('There is no replay "replay/test/none"');
    expect(code).toBe(1);
  }, 60_000);

  it('asks which cluster is meant when there are several', async () => {
    const pod = podIn('other');
    await startShownRun(servers, pod, lifeOf(pod), { cluster: 'other' });
    let answer = await run('--dry-run', '-n', 'none');
    while (answer.code === 0) answer = await run('--dry-run', '-n', 'none');
    expect(answer.stderr).toMatch(/There are runs of several clusters: give --cluster \((other, test|test, other)\)/);
    expect((await run('--dry-run', '-n', 'none', '--cluster', 'test')).code).toBe(0);
  }, 120_000);
});
