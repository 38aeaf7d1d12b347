import { describe, expect, it } from '@jest/globals';
import { createPodActivities } from '../../../../activities/pods/index.ts';
import type { ClassifyRunInput } from '../../../../domain/pods/run/classify-run.ts';
import type { UserRule } from '../../../../domain/pods/rules/user-rules.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { crashingLife, healthyLife, malformedChange, observedChange } from '../../../helpers/pod-changes.ts';
import { podNow } from '../../../helpers/pods.ts';
import { compiled, rule } from '../../../helpers/rules.ts';

function rig(...rules: readonly UserRule[]) {
  const metrics = createMetrics();
  const inForce = compiled(...rules);
  const getPod = () => Promise.resolve(undefined);
  const { classifyPod } = createPodActivities({ metrics, rules: () => inForce, cluster: 'test', getPod });
  const classify = (input: Pick<ClassifyRunInput, 'changes'> & Partial<ClassifyRunInput>) =>
    classifyPod({ previous: null, deletion: null, current: null, attempt: 1, now: podNow.toISOString(), ...input });
  const counted = async (name: 'ruleFailures' | 'classifications') =>
    (await metrics[name].get()).values.map(({ labels, value }) => ({ ...labels, value }));
  return { classify, counted };
}

const broken = rule({ name: '^web' }, { team: '${labels.team}' }, 'team-of-web');

describe('user rules in a classification', () => {
  it('give tags after the operation, the team, their version and their names', async () => {
    const { classify } = rig(rule({}, { tags: ['shop'], team: 'payments' }, 'all'));
    const { entries } = await classify({ changes: [observedChange({ operation: 'add' })] });
    expect(entries).toMatchObject([
      {
        tags: ['pod', 'add', 'shop', 'team:payments', 'healthy'],
        team: 'payments',
        rules: ['all'],
        rulesVersion: 'v1',
      },
    ]);
  });

  it('leave no trace of a rule that does not match', async () => {
    const { classify } = rig(rule({ name: '^api' }, { team: 'x' }));
    const { entries } = await classify({ changes: [observedChange()] });
    expect(entries[0]).not.toHaveProperty('team');
    expect(entries[0]).not.toHaveProperty('rules');
    expect(entries[0]).toMatchObject({ tags: ['pod', 'update', 'healthy'], rulesVersion: 'v1' });
  });

  it('decide the verdict that the run keeps', async () => {
    const { classify } = rig(rule({ causes: ['AppError'] }, { ignore: true }));
    const { entries, verdict } = await classify({ changes: crashingLife().slice(0, 3) });
    expect(entries.map(({ incident }) => incident)).toEqual([false, false, false]);
    expect(verdict?.findings[0]).toMatchObject({ cause: 'AppError', excuse: 'ignored' });
  });

  it('fail the classification with the rule named, for good, and are counted by rule', async () => {
    const { classify, counted } = rig(broken);
    await expect(classify({ changes: [observedChange()] })).rejects.toMatchObject({
      type: 'rule_failed',
      nonRetryable: true,
      message: expect.stringMatching(/^Rule "team-of-web": .*label "team" is missing on this pod/) as unknown,
      details: [{ rule: 'team-of-web' }],
    });
    expect(await counted('ruleFailures')).toEqual([{ rule: 'team-of-web', value: 1 }]);
    expect(await counted('classifications')).toEqual([
      { result: 'classified', value: 0 },
      { result: 'failed', value: 1 },
    ]);
  });

  it('are in a review too, whose tags say how the pod is as those of a change do', async () => {
    const { classify } = rig(rule({ causes: ['StartupStalled'] }, { tags: ['slow-start'] }, 'slow'));
    const { entries } = await classify({ changes: [], previous: healthyLife()[0]!.snapshot });
    const tags = ['pod', 'review', 'slow-start', 'degraded', 'incident', 'StartupStalled'];
    expect(entries).toMatchObject([{ tags, rules: ['slow'], rulesVersion: 'v1' }]);
  });

  it('fail a review as well', async () => {
    const { classify } = rig(broken);
    const previous = observedChange().snapshot;
    await expect(classify({ changes: [], previous })).rejects.toMatchObject({ type: 'rule_failed' });
  });

  it('fail nothing else: another pod is classified, and a malformed one is no failure of a rule', async () => {
    const { classify, counted } = rig(broken);
    await expect(classify({ changes: [observedChange({ name: 'api-1' })] })).resolves.toMatchObject({ entries: [{}] });
    await expect(classify({ changes: [malformedChange()] })).rejects.toMatchObject({ type: 'classification_failed' });
    expect(await counted('ruleFailures')).toEqual([]);
  });
});
