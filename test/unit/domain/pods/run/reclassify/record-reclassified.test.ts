import { describe, expect, it } from '@jest/globals';
import { recordFailed } from '../../../../../../domain/pods/run/pod-run-record.ts';
import { answeredLimits, hasFailures, newPodRun, type PodRunState } from '../../../../../../domain/pods/run/pod-run.ts';
import {
  recordReclassified,
  rememberAnswer,
} from '../../../../../../domain/pods/run/reclassify/record-reclassified.ts';
import { requestFaults } from '../../../../../../domain/pods/run/reclassify/request-faults.ts';
import { replayLimits } from '../../../../../../domain/replay/check-replay-input.ts';
import { drivePodRun, reclassifyPodRun } from '../../../../../helpers/drive-pod-run.ts';
import { failingAt, failingRule } from '../../../../../helpers/hand-made-rules.ts';
import { crashingLife, observedChange } from '../../../../../helpers/pod-changes.ts';

const at = '2026-03-01T12:00:00.000Z';
const updates = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    observedChange({ version: index + 1, observed: index, containers: [{ restarts: index }] }),
  );

describe('a reclassification taken into the state', () => {
  it('counts what it fixed as classified, and no operation twice', () => {
    const failed = drivePodRun([crashingLife()], { rules: failingRule('all') });
    expect(failed).toMatchObject({
      classified: 0,
      failed: 4,
      operations: { add: 1, update: 2, delete: 1 },
      restarts: 0,
    });
    const { state } = reclassifyPodRun(failed);
    expect(state).toMatchObject({
      classified: 4,
      failed: 0,
      operations: { add: 1, update: 2, delete: 1 },
      restarts: 1,
      worstSeverity: 'high',
      primaryCauses: ['AppError'],
      retried: 4,
    });
  });

  it('keeps the newest 50 entries of the timeline, whatever was fixed', () => {
    const failed = drivePodRun(
      updates(60).map((change) => [change]),
      { rules: failingAt([3, 58]) },
    );
    const { state } = reclassifyPodRun(failed);
    expect(state.failures).toEqual([]);
    expect(state.timeline.map(({ version }) => Number(version))).toEqual(Array.from({ length: 50 }, (_, i) => i + 11));
    expect(state.timelineDropped).toBe(10);
  });

  it('can not mend what was not kept: the run still has failures', () => {
    const failed = drivePodRun(
      updates(13).map((change) => [change]),
      { rules: failingRule('all') },
    );
    const { state, result } = reclassifyPodRun(failed);
    expect(result).toMatchObject({
      outcome: 'still-failing',
      fixed: 10,
      failing: 0,
      reason: expect.stringContaining('3 older failures were'),
    });
    expect(reclassifyPodRun(state).result).toMatchObject({ outcome: 'still-failing', fixed: 0, failing: 0 });
    expect(state).toMatchObject({ failures: [], failuresDropped: 3, failed: 3, classified: 10 });
    expect(hasFailures(state)).toBe(true);
  });

  it('keeps the rule of a failure only as long as that rule is what fails', () => {
    const failed = drivePodRun([[observedChange({ version: 1 })]], { rules: failingRule('team-of') });
    expect(failed.failures).toMatchObject([{ rule: 'team-of' }]);
    const other = reclassifyPodRun(failed, { rules: failingRule('other') }).state;
    expect(other.failures).toMatchObject([{ rule: 'other', failedAt: failed.failures[0]!.failedAt }]);
    const output = { retried: [{ fixed: false, reason: 'no rule' }], review: null, rulesVersion: 'x' } as const;
    expect(recordReclassified(failed, output, at).failures[0]).not.toHaveProperty('rule');
  });
});

describe('a failed batch', () => {
  it('keeps the name of the rule that made it fail', () => {
    const state = recordFailed(newPodRun(), [observedChange()], { failedAt: at, reason: 'x', rule: 'team-of' });
    expect(state.failures).toMatchObject([{ rule: 'team-of' }]);
    expect(recordFailed(newPodRun(), [observedChange()], { failedAt: at, reason: 'x' }).failures[0]).not.toHaveProperty(
      'rule',
    );
  });
});

describe('the answers a run remembers', () => {
  const answer = (requestId: string, reason = '') => ({
    requestId,
    reason,
    answeredAt: at,
    result: {
      outcome: 'unchanged',
      fixed: 0,
      failing: 0,
      from: 'Healthy',
      to: 'Healthy',
      rulesVersion: 'none',
    } as const,
  });
  const remember = (requests: readonly ReturnType<typeof answer>[]) =>
    requests.reduce<PodRunState>(rememberAnswer, newPodRun()).answered;

  it('are the newest 20', () => {
    const kept = remember(Array.from({ length: 25 }, (_, index) => answer(`r${index}`)));
    expect(kept.map(({ requestId }) => requestId)).toEqual(Array.from({ length: 20 }, (_, index) => `r${index + 5}`));
  });

  it('are fewer when they are big, so that a run can continue as new', () => {
    const kept = remember(Array.from({ length: 20 }, (_, index) => answer(`r${index}`, '€'.repeat(1500))));
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(answeredLimits.bytes);
    expect(kept.at(-1)?.requestId).toBe('r19');
  });
});

describe('a request for a reclassification', () => {
  it.each([
    { requestId: 'r', reason: '' },
    { requestId: 'replay/prod/öffnen 1', reason: 'a\nb' },
    { requestId: 'x'.repeat(200), reason: 'r'.repeat(replayLimits.reasonLength) },
  ])('is valid: %j', (request) => {
    expect(requestFaults(request)).toEqual([]);
  });

  it.each<[unknown, readonly string[]]>([
    [undefined, ['requestId', 'reason']],
    [null, ['requestId', 'reason']],
    ['text', ['requestId', 'reason']],
    [{ requestId: '', reason: 'x' }, ['requestId']],
    [{ requestId: 'x'.repeat(201), reason: 'x' }, ['requestId']],
    [{ requestId: 'a\u0000', reason: 'x' }, ['requestId']],
    [{ requestId: 'a\nb', reason: 'x' }, ['requestId']],
    [{ requestId: 7, reason: 'x' }, ['requestId']],
    [{ requestId: 'r', reason: 'r'.repeat(replayLimits.reasonLength + 1) }, ['reason']],
    [{ requestId: 'r' }, ['reason']],
  ])('is refused: %j', (request, paths) => {
    expect(requestFaults(request).map(({ path }) => path)).toEqual(paths);
  });
});
