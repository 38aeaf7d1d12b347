import { describe, expect, it } from '@jest/globals';
import { createPodActivities } from '../../../../activities/pods/index.ts';
import { type CompiledRules, noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import type { PodRunState } from '../../../../domain/pods/run/pod-run.ts';
import { reclassifyInputs } from '../../../../domain/pods/run/reclassify/reclassify-inputs.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { drivePodRun } from '../../../helpers/drive-pod-run.ts';
import { failingAt, failingRule } from '../../../helpers/hand-made-rules.ts';
import { crashingLife } from '../../../helpers/pod-changes.ts';
import { podNow } from '../../../helpers/pods.ts';

function rig(rules: CompiledRules) {
  const metrics = createMetrics();
  const { reclassifyPod } = createPodActivities({
    metrics,
    rules: () => rules,
    cluster: 'test',
    getPod: () => Promise.resolve(undefined),
  });
  const counts = async (metric: 'classifications' | 'findings') =>
    Object.fromEntries(
      (await metrics[metric].get()).values.map(({ labels, value }) => [Object.values(labels).join(), value]),
    );
  return {
    counts,
    reclassify: (state: PodRunState) => reclassifyPod({ ...reclassifyInputs(state), now: podNow.toISOString() }),
  };
}

describe('trying the failures of a pod again', () => {
  const [add, crash, backOff] = crashingLife();
  const failed = drivePodRun([[add!], [crash!], [backOff!]], { rules: failingAt([20, 30]) });

  it('uses the rules in force, and counts each try and each new finding once', async () => {
    const { reclassify, counts } = rig(failingAt([30], 'other'));
    const output = await reclassify(failed);
    expect(output).toMatchObject({
      retried: [{ fixed: true }, { fixed: false, rule: 'other' }],
      rulesVersion: 'with-other',
    });
    expect(await counts('classifications')).toEqual({ classified: 1, failed: 1 });
    expect(Object.values(await counts('findings'))).toEqual([1]);
  });

  it('does not fail when everything fails again', async () => {
    const { reclassify, counts } = rig(failingRule('all'));
    expect(await reclassify(failed)).toMatchObject({ review: null, reviewFailure: { rule: 'all' } });
    expect(await counts('classifications')).toEqual({ classified: 0, failed: 2 });
  });

  it('counts no finding of a verdict that was known', async () => {
    const { reclassify, counts } = rig(noRules);
    await reclassify(drivePodRun([[add!], [crash!], [backOff!]]));
    expect(Object.values(await counts('findings'))).toEqual([]);
  });
});
