import { describe, expect, it } from '@jest/globals';
import { reportPods } from '../../../../dev/demo/replay/reported-pods.ts';
import { brokenRules, defaultTeam, mendedRules, ruleName } from '../../../../dev/demo/replay/rules.ts';
import { classifyChange } from '../../../../domain/pods/classification.ts';
import { parseRules } from '../../../../platform/rules/read-rules.ts';
import { readPodEvent } from '../../../../triggers/http/pod-events/read-pod-event.ts';

const now = new Date('2026-03-01T12:00:00Z');

describe.each(reportPods(now))('the reported pod $name of the demo', ({ event, causes, uid }) => {
  const read = readPodEvent(event, { path: 'body', observedAt: now.toISOString() });
  const classify = (rules: string) => {
    if (!('event' in read)) throw new Error(JSON.stringify(read.errors));
    return classifyChange({ change: read.event.change, attempt: 1, rules: parseRules(rules, 'rules.yaml') });
  };

  it('is an event the webhook takes', () => {
    expect(read).toMatchObject({ event: { pod: { namespace: 'billing', uid } } });
  });

  it('cannot be classified with the broken rule, which the reason names', () => {
    expect(() => classify(brokenRules)).toThrow(`Rule "${ruleName}"`);
  });

  it('is what it is reported as, with the mended rule', () => {
    const { verdict, team } = classify(mendedRules);
    expect(verdict.incident ? [verdict.primary] : []).toEqual(causes);
    expect(team).toBe(defaultTeam);
  });
});
