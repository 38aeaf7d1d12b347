import { describe, expect, it } from '@jest/globals';
import { noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import { createPodActivities } from '../../../../activities/pods/index.ts';
import type { ClassifyRunInput } from '../../../../domain/pods/run/classify-run.ts';
import { createMetrics } from '../../../../platform/metrics.ts';
import { crashingLife, healthyLife, malformedChange, observedChange } from '../../../helpers/pod-changes.ts';
import { podNow } from '../../../helpers/pods.ts';

const input = (parts: Partial<ClassifyRunInput>): ClassifyRunInput => ({
  changes: [],
  previous: null,
  deletion: null,
  current: null,
  attempt: 1,
  now: podNow.toISOString(),
  ...parts,
});

function rig(getPod: Parameters<typeof createPodActivities>[0]['getPod'] = () => Promise.resolve(undefined)) {
  const metrics = createMetrics();
  const { classifyPod, findPod } = createPodActivities({ metrics, rules: () => noRules, cluster: 'test', getPod });
  const counts = async (metric: 'classifications' | 'findings') =>
    Object.fromEntries(
      (await metrics[metric].get()).values.map(({ labels, value }) => [Object.values(labels).join(), value]),
    );
  return {
    counts,
    classify: (parts: Partial<ClassifyRunInput>) => classifyPod(input(parts)),
    find: (uid: string, cluster = 'test') => findPod({ cluster, namespace: 'shop', name: 'web-1', uid }),
  };
}

describe('classifying a batch of a pod', () => {
  it('brings an entry for each change, and counts the batch and each new finding once', async () => {
    const { classify, counts } = rig();
    const [add, crash, backOff] = crashingLife();
    const first = await classify({ changes: [add!, crash!] });
    expect(first.entries.map(({ taskName, attempt }) => [taskName, attempt])).toEqual([
      ['Pod added: web-1', 1],
      ['Pod updated: web-1', 2],
    ]);
    expect(first.entries[0]?.elapsedMs).toBeGreaterThanOrEqual(0);
    await classify({ changes: [backOff!], previous: crash!.snapshot, current: first.verdict, attempt: 3 });
    expect(await counts('classifications')).toEqual({ classified: 2, failed: 0 });
    expect(Object.values(await counts('findings'))).toEqual([1]);
  });

  it('reviews without changes: an entry only when time has changed the verdict', async () => {
    const { classify } = rig();
    const starting = healthyLife()[0]!.snapshot;
    const { verdict } = await classify({ changes: [healthyLife()[0]!] });
    const soon = await classify({ previous: starting, current: verdict, now: healthyLife()[0]!.observedAt });
    expect(soon).toEqual({ entries: [], verdict, deletion: null });
    const later = await classify({ previous: starting, current: verdict });
    expect(later.entries).toMatchObject([
      { operation: 'review', primary: 'StartupStalled', taskName: 'Pod reviewed: web-1' },
    ]);
    expect(await classify({})).toEqual({ entries: [], verdict: null, deletion: null });
  });

  it('refuses a malformed change for good, with the path of the fault, and counts it', async () => {
    const { classify, counts } = rig();
    await expect(classify({ changes: [observedChange(), malformedChange()] })).rejects.toMatchObject({
      type: 'classification_failed',
      nonRetryable: true,
      message: expect.stringContaining('changes[1].snapshot.containers') as unknown,
    });
    expect(await counts('classifications')).toEqual({ classified: 0, failed: 1 });
  });
});

describe('looking whether a pod still exists', () => {
  it('finds it by uid, so that another pod of the same name does not count', async () => {
    const { find } = rig(() => Promise.resolve({ uid: 'uid-1' }));
    expect(await find('uid-1')).toBe('present');
    expect(await find('uid-2')).toBe('gone');
    expect(await rig().find('uid-1')).toBe('gone');
  });

  it('fails, to be tried again, when the API server cannot say', async () => {
    const { find } = rig(() => Promise.reject(new Error('connection refused')));
    await expect(find('uid-1')).rejects.toMatchObject({
      type: 'kubernetes_unavailable',
      nonRetryable: false,
      message: expect.stringContaining('connection refused') as unknown,
    });
  });

  it('refuses to look for a pod of another cluster', async () => {
    const { find } = rig(() => Promise.resolve(undefined));
    await expect(find('u', 'elsewhere')).rejects.toMatchObject({ type: 'foreign_cluster', nonRetryable: false });
  });
});
