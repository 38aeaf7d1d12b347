import { describe, expect, it } from '@jest/globals';
import { noRules } from '../../../../domain/pods/rules/compiled-rules.ts';
import type { FailedClassification } from '../../../../domain/pods/run/pod-run.ts';
import { timelineLimits } from '../../../../domain/pods/run/pod-run.ts';
import { jsonBytes } from '../../../../domain/pods/snapshot/json-bytes.ts';
import { renderReclassified } from '../../../../domain/replay/details/reclassified-details.ts';
import { closedResult, reclassifyClosed } from '../../../../domain/replay/reclassify-closed.ts';
import { failingAt } from '../../../helpers/hand-made-rules.ts';
import { crashingLife, healthyLife, observedChange } from '../../../helpers/pod-changes.ts';

const now = '2026-07-01T12:00:00Z';
const summary = { classified: 3, failed: 4 };
const failedAt = now;
const options = { rules: noRules, now, elapsedMs: () => 1 };

const failureOf = (changes: FailedClassification['changes'], previous: FailedClassification['previous'] = null) => ({
  failedAt,
  reason: 'no label',
  previous,
  deletion: null,
  changes,
});

describe('what a closed run left, tried again', () => {
  it('is classified whole, with the verdict at its end', () => {
    const pod = reclassifyClosed({ failures: [failureOf(crashingLife())], dropped: 0, summary }, options);
    expect(pod).toMatchObject({ outcome: 'fixed', fixed: 4, failing: 0, lost: 0, entriesDropped: 0 });
    expect(pod.entries.map(({ operation, attempt }) => [operation, attempt])).toEqual([
      ['add', 8],
      ['update', 9],
      ['update', 10],
      ['delete', 11],
    ]);
    expect(pod.verdict).not.toBeNull();
    expect(closedResult(pod)).toEqual({ outcome: 'fixed', to: pod.to, rulesVersion: 'none' });
  });

  it('does not claim to know the last verdict when the run classified the end itself', () => {
    const [add, ready] = healthyLife();
    const pod = reclassifyClosed({ failures: [failureOf([add!, ready!])], dropped: 0, summary }, options);
    expect(pod).toMatchObject({ outcome: 'fixed', verdict: null });
    expect(closedResult(pod)).not.toHaveProperty('to');
  });

  it('says what still fails and by which rule, and classifies the rest', () => {
    const [add, ready, terminating, gone] = healthyLife();
    const failures = [failureOf([add!]), failureOf([ready!, terminating!, gone!])];
    const pod = reclassifyClosed({ failures, dropped: 0, summary }, { ...options, rules: failingAt([40]) });
    expect(pod).toMatchObject({ outcome: 'still-failing', fixed: 1, failing: 3, rule: 'team-of' });
    expect(closedResult(pod)).toMatchObject({ outcome: 'still-failing', rule: 'team-of' });
    expect(renderReclassified('pod/x', pod)).toContain("Changes that still can't be classified: 3");
  });

  it('tells of the inputs that are lost', () => {
    const pod = reclassifyClosed({ failures: [failureOf(healthyLife())], dropped: 2, summary }, options);
    expect(closedResult(pod).reason).toBe("2 older changes could not be kept and can't be tried");
    expect(renderReclassified('pod/x', pod)).toContain('nobody can try them: 2');
  });

  it('keeps the newest classifications within bounds, and counts the others', () => {
    const changes = Array.from({ length: 80 }, (_, index) => observedChange({ version: index + 1 }));
    const pod = reclassifyClosed({ failures: [failureOf(changes)], dropped: 0, summary }, options);
    expect(pod.entries).toHaveLength(timelineLimits.count);
    expect(pod.entriesDropped).toBe(30);
    expect(pod.entries.at(-1)?.version).toBe('80');
    expect(jsonBytes(pod)).toBeLessThan(256 * 1024);
  });
});
