import { describe, expect, it } from '@jest/globals';
import { KubernetesError } from '../../../../platform/kubernetes/kubernetes-error.ts';
import { planRecovery } from '../../../../platform/kubernetes/reflector/failure/plan-recovery.ts';
import { StreamFault } from '../../../../platform/kubernetes/reflector/stream/stream-fault.ts';

const failure = (status: number | null, reason = 'Test') =>
  new KubernetesError({ verb: 'watch', resource: 'pods', status, reason, detail: 'a test' });

describe('what a reflector does about a failure', () => {
  it.each([
    [400, 'slow'],
    [401, 'reload-credentials'],
    [403, 'slow'],
    [404, 'slow'],
    [405, 'slow'],
    [406, 'slow'],
    [408, 'retry'],
    [409, 'retry'],
    [410, 'relist'],
    [415, 'slow'],
    [422, 'slow'],
    [429, 'retry'],
    [500, 'retry'],
    [501, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
    [307, 'retry'],
  ])('is decided for status %i: %s', (status, recovery) => {
    expect(planRecovery(failure(status))).toBe(recovery);
  });

  it('is decided for what has no status', () => {
    expect(planRecovery(failure(null, 'ECONNREFUSED'))).toBe('retry');
    expect(planRecovery(failure(null, 'AnswerTooLarge'))).toBe('smaller-pages');
  });

  it('is the same for an ERROR within the stream as for an answer', () => {
    expect(planRecovery(new StreamFault('error-event', failure(410)))).toBe('relist');
    expect(planRecovery(new StreamFault('error-event', failure(500)))).toBe('retry');
    expect(planRecovery(new StreamFault('inactive', failure(null, 'Inactive')))).toBe('retry');
  });
});
