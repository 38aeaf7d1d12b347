import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../../../platform/metrics.ts';
import { createObserveAnswer } from '../../../../../triggers/gateway/proxy/observe-answer.ts';

describe('the metric of answered requests', () => {
  it('has no label of its own for each number a pod may answer', async () => {
    const metrics = createMetrics();
    const observe = createObserveAnswer(metrics);
    for (let status = 200; status < 1000; status += 1) observe(status, { receivedAtMs: 0 });
    observe('pod_gone', { receivedAtMs: 0 });
    const { values } = await metrics.sessionRequestSeconds.get();
    const codes = new Set(values.map(({ labels }) => String(labels.code)));
    expect(codes.size).toBeLessThan(70);
    for (const code of ['200', '404', '502', 'other', 'pod_gone']) expect(codes).toContain(code);
  });
});
