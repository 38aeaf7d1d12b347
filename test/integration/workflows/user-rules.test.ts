import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { searchAttributes } from '../../../domain/search-attributes.ts';
import { createLogger } from '../../../platform/logger.ts';
import { createMetrics } from '../../../platform/metrics.ts';
import { createRulesSource, type RulesSource } from '../../../platform/rules/rules-source.ts';
import { podStateQuery, podTimelineQuery } from '../../../workflows/pod-lifecycle.messages.ts';
import { crashingLife, healthyLife, observedChange } from '../../helpers/pod-changes.ts';
import { useTemporaryFolders } from '../../helpers/temporary-folders.ts';
import { freshPod, type PodRunHandle, sendChanges, startPodRun, untilTaken } from '../../helpers/workflows/pod-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../helpers/workflows/workflow-servers.ts';

const newFolder = useTemporaryFolders();
const rulesText = (team: string) => `
version: 1
rules:
  - name: shop
    match: { namespaces: ['sh*'] }
    set: { tags: ['app:\${labels.app:-none}'], team: ${team} }
  - name: crashes-may-happen
    match: { causes: [AppError] }
    set: { ignore: true }
`;

async function newest(run: PodRunHandle) {
  return (await run.query(podTimelineQuery)).entries.at(-1);
}

async function stateOf(run: PodRunHandle): Promise<unknown> {
  const { typedSearchAttributes } = await run.describe();
  return typedSearchAttributes.getAll().find(({ key }) => key.name === searchAttributes.state.name)?.value;
}

describe('user rules of a file', () => {
  let servers: WorkflowServers;
  let rules: RulesSource;
  let file: string;

  /** Writes the file and waits until the worker has taken it in. */
  async function putRules(text: string): Promise<string> {
    const before = rules.current().version;
    await writeFile(file, text);
    while (rules.current().version === before) await sleep(20);
    return rules.current().version;
  }

  beforeAll(async () => {
    file = join(await newFolder(), 'classification-rules.yaml');
    await writeFile(file, rulesText('first'));
    const logger = createLogger({ level: 'silent', name: 'test' });
    rules = await createRulesSource({ path: file, logger, metrics: createMetrics(), pollMs: 50 });
    servers = await startWorkflowServers();
    await servers.startPodWorker({ rules: rules.current });
  }, 60_000);
  afterAll(async () => {
    await rules.close();
    await servers.close();
  });

  it('are in every classification: tags, team, names and version; changed ones without a restart', async () => {
    const pod = freshPod();
    const [add, ready, terminating] = healthyLife(pod);
    const run = await startPodRun(servers, { pod, changes: [add!] });
    await untilTaken(run, 1);
    const first = rules.current().version;
    expect(await newest(run)).toMatchObject({
      tags: ['pod', 'add', 'app:none', 'team:first', 'progressing'],
      team: 'first',
      rules: ['shop'],
      rulesVersion: first,
    });
    const second = await putRules(rulesText('second'));
    await sendChanges(run, [ready!]);
    await untilTaken(run, 2);
    expect(await newest(run)).toMatchObject({ team: 'second', rulesVersion: second });
    await putRules(rulesText('first'));
    await sendChanges(run, [terminating!]);
    await untilTaken(run, 3);
    expect(await newest(run)).toMatchObject({ team: 'first', rulesVersion: first });
    await run.terminate();
  }, 60_000);

  it('decide whether there is an incident', async () => {
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: crashingLife(pod).slice(0, 3) });
    const { verdict } = await untilTaken(run, 3);
    expect(verdict).toMatchObject({ health: 'Degraded', incident: false, primary: 'AppError' });
    expect(verdict?.findings[0]?.excuse).toBe('ignored');
    expect((await newest(run))?.tags).not.toContain('incident');
    await run.terminate();
  }, 60_000);

  it('that fail leave the run with the name of the rule, and other pods and later changes classified', async () => {
    const [broken, fine] = [freshPod(), freshPod()];
    await putRules(`
version: 1
rules:
  - { name: team-of-one, match: { name: '^${broken.name}$' }, set: { team: '\${labels.team}' } }
`);
    const run = await startPodRun(servers, { pod: broken, changes: [healthyLife(broken)[0]!] });
    const other = await startPodRun(servers, { pod: fine, changes: [healthyLife(fine)[0]!] });
    expect(await untilTaken(run, 1)).toMatchObject({ classified: 0, failed: 1, verdict: null });
    while ((await stateOf(run)) !== 'classification-failed') await sleep(50);
    expect(await untilTaken(other, 1)).toMatchObject({ classified: 1, failed: 0 });
    expect(JSON.stringify(await run.fetchHistory())).toContain('rule_failed');

    const labelled = observedChange({
      ...broken,
      version: 20,
      observed: -3600,
      metadata: { labels: { team: 'shop' } },
    });
    await sendChanges(run, [labelled]);
    expect(await untilTaken(run, 2)).toMatchObject({ classified: 1, failed: 1 });
    expect(await newest(run)).toMatchObject({ team: 'shop', rules: ['team-of-one'] });

    await sendChanges(run, [{ ...labelled, operation: 'delete', snapshot: { ...labelled.snapshot, version: '30' } }]);
    const error = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      cause: {
        type: 'ClassificationFailed',
        details: [
          { failures: [{ rule: 'team-of-one', reason: expect.stringContaining('Rule "team-of-one": ') as unknown }] },
        ],
      },
    });
    await other.terminate();
  }, 60_000);

  it('stay in force for the runs while the file is faulty', async () => {
    const good = await putRules(rulesText('third'));
    await writeFile(file, 'version: 1\nrules: [');
    await sleep(300);
    const pod = freshPod();
    const run = await startPodRun(servers, { pod, changes: [healthyLife(pod)[0]!] });
    await untilTaken(run, 1);
    expect(await newest(run)).toMatchObject({ team: 'third', rulesVersion: good });
    expect((await run.query(podStateQuery)).failed).toBe(0);
    await run.terminate();
  }, 60_000);
});
