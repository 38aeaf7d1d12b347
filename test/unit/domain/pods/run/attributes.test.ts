import { describe, expect, it } from '@jest/globals';
import { newPodRun } from '../../../../../domain/pods/run/pod-run.ts';
import {
  nextPodAttributes,
  ownerLabel,
  podStartAttributes,
} from '../../../../../domain/pods/run/pod-run-attributes.ts';
import type { PodChange } from '../../../../../domain/pods/pod-change.ts';
import type { SearchAttributeValues } from '../../../../../domain/search-attributes.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../helpers/drive-pod-run.ts';
import { failingAt, failingRule } from '../../../../helpers/hand-made-rules.ts';
import {
  crashingLife,
  healthyLife,
  malformedChange,
  observedChange,
  podSnapshot,
} from '../../../../helpers/pod-changes.ts';

/** What a run upserts, one batch after the other. */
function upserts(batches: readonly (readonly PodChange[])[]): (SearchAttributeValues | undefined)[] {
  let state = newPodRun();
  let shown: SearchAttributeValues = { state: 'Progressing' };
  return batches.map((batch) => {
    state = drivePodRun([batch], { state });
    const next = nextPodAttributes(shown, state);
    shown = { ...shown, ...next };
    return next;
  });
}

describe('the attributes of a pod run', () => {
  it('cost a healthy pod one upsert in its whole life', () => {
    const shown = upserts(healthyLife().map((change) => [change]));
    expect(shown).toEqual([
      undefined,
      { state: 'Healthy', restarts: 0, tags: ['pod', 'update', 'healthy'], node: 'node-1' },
      undefined,
      undefined,
    ]);
  });

  it('tell cause, severity and restarts of an incident, and keep them afterwards', () => {
    const [, crashed, backOff] = upserts(crashingLife().map((change) => [change]));
    expect(crashed).toMatchObject({ cause: 'AppError' });
    expect(backOff).toMatchObject({ restarts: 1, severity: expect.any(String) as unknown });
    const recovered = drivePodRun([...crashingLife().slice(0, 3), observedChange({ version: 35 })].map((one) => [one]));
    const next = nextPodAttributes({ state: 'Degraded', cause: 'AppError', severity: 'high', restarts: 1 }, recovered);
    expect(next).toMatchObject({ state: 'Healthy' });
    expect(next).not.toHaveProperty('cause');
  });

  it('are the same again when nothing they show has changed', () => {
    const state = drivePodRun(
      healthyLife()
        .slice(0, 2)
        .map((change) => [change]),
    );
    const shown = nextPodAttributes({}, state)!;
    expect(nextPodAttributes(shown, state)).toBeUndefined();
  });

  it('say classification-failed as long as a failure is not mended, whatever comes after it', () => {
    const shown = upserts([[malformedChange(5)], [observedChange({ version: 6 })], [observedChange({ version: 7 })]]);
    expect(shown[0]).toMatchObject({ state: 'classification-failed' });
    expect(shown.slice(1)).toEqual([undefined, undefined]);
  });

  it('hold the rules that failed, each once, as long as what they failed for is kept', () => {
    const first = drivePodRun([[observedChange({ version: 5 })]], { rules: failingRule('team-of') });
    const shown = nextPodAttributes({ state: 'Progressing' }, first)!;
    expect(shown).toMatchObject({ state: 'classification-failed', tags: ['failed-rule:team-of'] });
    const again = drivePodRun([[observedChange({ version: 6 })]], { state: first, rules: failingRule('team-of') });
    expect(nextPodAttributes(shown, again)).toBeUndefined();
    const other = drivePodRun([[observedChange({ version: 7 })]], { state: again, rules: failingRule('a-rule') });
    const more = nextPodAttributes(shown, other)!;
    expect(more.tags).toEqual(['failed-rule:a-rule', 'failed-rule:team-of']);
    const half = reclassifyPodRun(other, { rules: failingAt([7], 'a-rule') }).state;
    const fewer = nextPodAttributes(more, half)!;
    expect(fewer).toMatchObject({
      state: 'classification-failed',
      tags: expect.arrayContaining(['healthy', 'failed-rule:a-rule']) as unknown,
    });
    expect(fewer.tags).not.toContain('failed-rule:team-of');
    expect(nextPodAttributes(fewer, reclassifyPodRun(half).state)).toMatchObject({
      state: 'Healthy',
      tags: ['pod', 'update', 'healthy'],
    });
  });

  it('are the health again after everything was mended, also of a pod that was deleted meanwhile', () => {
    const failed = drivePodRun(
      healthyLife().map((change) => [change]),
      { rules: failingAt([20]) },
    );
    const shown = nextPodAttributes({ state: 'Progressing' }, failed)!;
    expect(shown.state).toBe('classification-failed');
    expect(nextPodAttributes(shown, reclassifyPodRun(failed).state)).toMatchObject({ state: 'Terminating' });
  });

  it('show new tags after a reclassification only', () => {
    const state = drivePodRun([[observedChange({ version: 5 })]]);
    const shown = { ...nextPodAttributes({}, state), tags: ['pod'] };
    expect(nextPodAttributes(shown, state)).toBeUndefined();
    expect(nextPodAttributes(shown, state, { tagsCount: true })).toMatchObject({ tags: ['pod', 'update', 'healthy'] });
  });

  it('say nothing before anything was classified', () => {
    expect(nextPodAttributes({}, newPodRun())).toBeUndefined();
  });

  it('begin with what the first object proves', () => {
    const change = observedChange({ operation: 'add', owner: 'ReplicaSet' });
    expect(podStartAttributes({ cluster: 'test', change })).toEqual({
      cluster: 'test',
      namespace: 'shop',
      pod: 'web-1',
      owner: 'ReplicaSet/web',
      node: 'node-1',
      state: 'Progressing',
      tags: ['pod', 'add'],
    });
    const unscheduled = observedChange({ spec: { nodeName: undefined } });
    expect(podStartAttributes({ cluster: 'test', change: unscheduled })).not.toHaveProperty('node');
  });

  it('name the owner, or the pod itself where it has none', () => {
    expect(ownerLabel(podSnapshot({ owner: 'Job' }))).toBe('Job/web');
    expect(ownerLabel(podSnapshot({ name: 'lonely' }))).toBe('Pod/lonely');
  });
});
