import { describe, expect, it } from '@jest/globals';
import type { RuleSubject } from '../../../../../domain/pods/rules/compiled-rules.ts';
import type { UserRule } from '../../../../../domain/pods/rules/user-rules.ts';
import { decideVerdict } from '../../../../../domain/pods/verdict/decide-verdict.ts';
import type { Verdict } from '../../../../../domain/pods/verdict/types.ts';
import { podNow, terminated, waiting } from '../../../../helpers/pods.ts';
import { podSnapshot } from '../../../../helpers/pod-changes.ts';
import { compiled, rule } from '../../../../helpers/rules.ts';

const bytes = (verdict: Verdict) => new TextEncoder().encode(JSON.stringify(verdict)).length;
const countAll = ({ findings, droppedFindings = 0 }: Verdict) => findings.length + droppedFindings;

describe('a verdict that had no room for all findings', () => {
  const containers = Array.from({ length: 100 }, (_, index) => ({
    name: `container-${index}`,
    state: waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'.repeat(4)),
    lastState: terminated({ exitCode: 1, message: 'x'.repeat(200) }),
    restarts: 7,
  }));
  const snapshot = podSnapshot({ containers });
  const verdict = decideVerdict({ snapshot, now: podNow });
  const subject: RuleSubject = { snapshot, verdict };

  it('stays in bounds when every finding is marked', () => {
    const ruled = compiled(rule({}, { ignore: true, severity: 'critical' })).apply(subject).verdict;
    expect(verdict.droppedFindings).toBeGreaterThan(0);
    expect(bytes(verdict)).toBeGreaterThan(23_000);
    expect(bytes(ruled)).toBeLessThanOrEqual(24_000);
    expect(countAll(ruled)).toBe(countAll(verdict));
    expect(ruled.incident).toBe(false);
  });

  it('stays an incident that only a dropped finding makes, unless everything is ignored', () => {
    const [finding] = verdict.findings;
    const excused = { ...finding!, excuse: 'job-attempt' } as const;
    const dropped: Verdict = { ...verdict, incident: true, findings: [excused], droppedFindings: 3 };
    const apply = (...rules: readonly UserRule[]) => compiled(...rules).apply({ ...subject, verdict: dropped });
    expect(apply(rule({}, { severity: 'low' })).verdict.incident).toBe(true);
    expect(apply(rule({ causes: ['AppError'] }, { ignore: true })).verdict.incident).toBe(true);
    expect(apply(rule({}, { ignore: true })).verdict).toMatchObject({ incident: false, droppedFindings: 3 });
  });
});
