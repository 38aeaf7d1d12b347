import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PodIdentity, podWorkflowId } from '../../../domain/names.ts';
import type { ObservedChange } from '../../../domain/pods/pod-change.ts';
import { podStartAttributes } from '../../../domain/pods/run/pod-run-attributes.ts';
import { parseRules } from '../../../platform/rules/read-rules.ts';
import { type RunFilter, visibilityQuery } from '../../../platform/temporal/runs/visibility-query.ts';
import { crashingLife, healthyLife } from '../../helpers/pod-changes.ts';
import { createPodkeeperCli, type PodkeeperCli } from '../../helpers/podkeeper-cli.ts';
import { linesOf, withFiles } from '../../helpers/run-command.ts';
import { freshPod, startPodRun, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

const rulesWith = (team: string): string => `version: 1
rules:
  - name: team-of
    match: { causes: [AppError] }
    set: { team: '${team}' }
`;
const files = { 'old.yaml': rulesWith('${labels.team}'), 'new.yaml': rulesWith('${labels.team:-platform}') };

describe('rules tried on runs of a real server', () => {
  let servers: WorkflowServers;
  let podkeeper: PodkeeperCli;
  let fine: PodIdentity;
  /** Its crash could not be classified by the old rules, which the worker has. */
  let crashing: PodIdentity;

  beforeAll(async () => {
    servers = await startWorkflowServers();
    podkeeper = await createPodkeeperCli(servers.namespace);
    await servers.startPodWorker({ rules: () => parseRules(files['old.yaml'], 'old.yaml') });
    [fine, crashing] = [freshPod(), freshPod()];
    await startRun(fine, healthyLife(fine).slice(0, 2));
    await startRun(crashing, crashingLife(crashing).slice(0, 2));
    await untilListed({ namespace: 'shop' }, 2);
    await untilListed({ state: 'classification-failed' }, 1);
  }, 180_000);
  afterAll(() => servers.close());

  async function startRun(pod: PodIdentity, changes: readonly ObservedChange[]): Promise<void> {
    const shown = podStartAttributes({ cluster: 'test', change: changes[0]! });
    await untilTaken(await startPodRun(servers, { pod, changes, shown }), 2);
  }

  async function untilListed(filter: RunFilter, count: number): Promise<void> {
    const query = visibilityQuery(filter);
    while ((await servers.client.workflow.count(query)).count < count) await sleep(100);
  }

  const run = (args: (folder: string) => readonly string[]) =>
    withFiles(files, (folder) => podkeeper(['rules', ...args(folder)]));

  it('explain why a run could not be classified, by namespace and name', async () => {
    const { code, stdout, stderr } = await run((folder) => [
      ...['explain', `${folder}/old.yaml`, '--run', `${crashing.namespace}/${crashing.name}`],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `failure 1 change 2)\n  rule team-of: matches and FAILS\n    because cause AppError is found\n`,
    );
    expect(stdout).toContain('the classification of this pod would fail: Rule "team-of": ');
  }, 60_000);

  it('explain a run by its id, as JSON', async () => {
    const { code, stdout } = await run((folder) => [
      ...['explain', `${folder}/new.yaml`, '--run', podWorkflowId('test', crashing), '-o', 'json'],
    ]);
    expect(code).toBe(0);
    const explained = linesOf({ stdout });
    expect(explained.at(-1)).toMatchObject({
      pod: `shop/${crashing.name}`,
      place: `${podWorkflowId('test', crashing)} failure 1 change 2`,
      rules: [{ rule: 'team-of', matched: true, failed: false }],
      after: { team: 'platform', tags: ['team:platform'] },
    });
  }, 60_000);

  it('say that there is no such run', async () => {
    const { code, stderr } = await run((folder) => ['explain', `${folder}/old.yaml`, '--run', 'shop/nobody']);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no run "shop/nobody". "podkeeper runs list" shows');
  }, 60_000);

  it('differ where the new ones mend what failed', async () => {
    const { code, stdout, stderr } = await run((folder) => [
      ...['diff', `${folder}/old.yaml`, `${folder}/new.yaml`, '--runs', '-n', 'shop', '--exit-code'],
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.not.stringContaining('error') });
    expect(stdout).toMatch(
      new RegExp(
        `\\n1 state of 1 pod: shop/${crashing.name} .* failure 1 change 2\\)\\n {2}fails no more: Rule "team-of": `,
      ),
    );
    expect(stdout).toMatch(/\n2 pods, \d states: 1 differs in 1 way\n$/);
  }, 60_000);

  it('are tried on the chosen runs only', async () => {
    const some = await run((folder) => [
      ...['diff', `${folder}/old.yaml`, `${folder}/new.yaml`, '--runs', '--pod', fine.name, '-o', 'json'],
    ]);
    expect(some).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/podkeeper rules diff: 1 pod, 1 state: no difference\n$/),
    });
    const none = await run((folder) => ['diff', 'none', `${folder}/new.yaml`, '--runs', '-n', 'nowhere']);
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('no run matches') });
    const limited = await run((folder) => ['diff', 'none', `${folder}/new.yaml`, '--runs', '--limit', '1']);
    expect(limited).toMatchObject({ code: 0, stderr: expect.stringContaining('there are more than 1 runs') });
  }, 120_000);
});
