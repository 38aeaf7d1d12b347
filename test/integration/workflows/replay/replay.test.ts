import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { podWorkflowId, reclassifyWorkflowId } from '../../../../domain/names.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { searchAttributes } from '../../../../domain/search-attributes.ts';
import { podStateQuery } from '../../../../workflows/pod-lifecycle.messages.ts';
import type { ReclassifiedPod } from '../../../../workflows/reclassify.messages.ts';
import { failingRule } from '../../../helpers/hand-made-rules.ts';
import { quickSettings } from '../../../helpers/workflows/pod-runs.ts';
import { startFailedRuns, startTestReplay } from '../../../helpers/workflows/replay-runs.ts';
import { startWorkflowServers, type WorkflowServers } from '../../../helpers/workflows/workflow-servers.ts';

const { cluster } = quickSettings;

describe('a replay of failed classifications', () => {
  let servers: WorkflowServers;
  let rules: CompiledRules;
  const metrics = createMetrics();
  beforeAll(async () => {
    servers = await startWorkflowServers();
    await servers.startPodWorker({ rules: () => rules, metrics });
  }, 60_000);
  afterAll(() => servers.close());

  const handleOf = (workflowId: string) => servers.client.workflow.getHandle(workflowId);
  const stateOf = async (workflowId: string) => {
    const { typedSearchAttributes } = await handleOf(workflowId).describe();
    return typedSearchAttributes.getAll().find(({ key }) => key.name === searchAttributes.state.name)?.value;
  };

  it('fixes all 20 once the rule that made them fail is fixed: 12 open ones, 8 closed ones', async () => {
    rules = failingRule('team-of');
    const { open, closed } = await startFailedRuns(servers, { namespace: 'all', open: 12, closed: 8 });
    rules = noRules;
    const filter = { select: 'failed', namespace: 'all' } as const;
    const replay = await startTestReplay(servers, { filter });
    const result = await replay.result();
    expect(result).toMatchObject({ state: 'completed', tried: 20, runsDropped: 0 });
    expect(result.counts).toMatchObject({ fixed: 20, 'still-failing': 0, error: 0, gone: 0 });
    const expected = [...open, ...closed].map((pod) => podWorkflowId(cluster, pod));
    expect(result.runs.map(({ workflowId }) => workflowId).sort()).toEqual(expected.sort());
    const ends = new Set(closed.map((pod) => podWorkflowId(cluster, pod)));
    for (const { workflowId, outcome, to } of result.runs)
      expect({ outcome, to }).toEqual({ outcome: 'fixed', to: ends.has(workflowId) ? 'Terminating' : 'Healthy' });

    for (const pod of open) {
      const id = podWorkflowId(cluster, pod);
      expect(await handleOf(id).query(podStateQuery)).toMatchObject({ classified: 2, failed: 0, gone: false });
      expect(await stateOf(id)).not.toBe('classification-failed');
    }
    for (const pod of closed) {
      const child = (await handleOf(reclassifyWorkflowId(cluster, pod.uid)).result()) as ReclassifiedPod;
      expect(child).toMatchObject({ outcome: 'fixed', fixed: 4, failing: 0, lost: 0, verdict: { incident: false } });
      expect(child.entries.map(({ operation }) => operation)).toEqual(['add', 'update', 'update', 'delete']);
    }
    expect(await stateOf(replay.workflowId)).toBe('completed');
    const { values } = await metrics.reclassifications.get();
    expect(values.map(({ labels, value }) => [labels.outcome, value])).toEqual([['fixed', 20]]);

    // What a closed run shows can't be changed any more: it is found again, and left alone.
    const second = await (await startTestReplay(servers, { filter })).result();
    expect(second.counts).toMatchObject({ 'already-fixed': 8, 'still-failing': 0, error: 0 });
  }, 120_000);
});
