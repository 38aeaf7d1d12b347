import { describe, expect, it } from '@jest/globals';
import type { RuleSubject } from '../../../../../domain/pods/rules/compiled-rules.ts';
import type { RuleMatch } from '../../../../../domain/pods/rules/user-rules.ts';
import { buildPod, terminated, waiting } from '../../../../helpers/pods.ts';
import { podSnapshot, type SnapshotParts } from '../../../../helpers/pod-changes.ts';
import { compiled, rule } from '../../../../helpers/rules.ts';
import { judge } from '../../../../helpers/verdicts.ts';

const oomKilled = terminated({ exitCode: 137, reason: 'OOMKilled' });
const parts: SnapshotParts = {
  namespace: 'prod-eu',
  containers: [
    { state: waiting('CrashLoopBackOff'), lastState: oomKilled, restarts: 4 },
    { name: 'proxy', type: 'sidecar' },
  ],
  owner: 'ReplicaSet',
  metadata: { labels: { team: 'payments', 'app.kubernetes.io/name': 'web', empty: '' } },
};
const subject: RuleSubject = { snapshot: podSnapshot(parts), verdict: judge(buildPod(parts)) };

/** What one rule finds: whether it matches, and the last line of why. */
function look(match: RuleMatch, on = subject) {
  const [explanation] = compiled(rule(match)).explain(on);
  return { matched: explanation?.matched, why: explanation?.reasons.at(-1) };
}

describe('a rule matches', () => {
  it.each<[string, RuleMatch, string]>([
    ['every pod when it asks for nothing', {}, 'it asks for nothing'],
    ['a namespace by any of its globs', { namespaces: ['dev', 'prod-*'] }, 'namespace "prod-*" fits prod-eu'],
    ['one character by "?"', { namespaces: ['prod-e?'] }, 'namespace "prod-e?" fits prod-eu'],
    ['a label', { labels: { team: 'pay*' } }, 'label team "pay*" fits "payments"'],
    ['a label that only has to be there', { labels: { empty: '*' } }, 'label empty "*" fits ""'],
    ['an owner', { owner: 'ReplicaSet/*' }, 'owner "ReplicaSet/*" fits ReplicaSet/web'],
    [
      'an image of any container',
      { image: '/proxy:\\d$' },
      'image "/proxy:\\d$" is found in registry.test/proxy:1 (container proxy)',
    ],
    ['a name', { name: '^web-' }, 'name "^web-" is found in web-1'],
    ['a cause of any finding', { causes: ['AppError', 'OOMKilled'] }, 'cause OOMKilled is found'],
  ])('%s', (_, match, why) => {
    expect(look(match)).toEqual({ matched: true, why });
  });

  it('only when all it asks for holds, and looks at cheap things first', () => {
    const match: RuleMatch = {
      image: '.',
      causes: ['OOMKilled'],
      namespaces: ['prod-*'],
      labels: { team: '*', x: '*' },
    };
    const [explanation] = compiled(rule(match)).explain(subject);
    expect(explanation).toEqual({
      rule: 'a-rule',
      matched: false,
      reasons: ['namespace "prod-*" fits prod-eu', 'label team "*" fits "payments"', 'label x is not there'],
      effects: [],
      failed: false,
    });
  });
});

describe('a rule does not match, and says why', () => {
  it.each<[RuleMatch, string]>([
    [{ namespaces: ['dev', 'test-*'] }, 'namespace "dev" or "test-*" does not fit prod-eu'],
    [{ namespaces: ['prod'] }, 'namespace "prod" does not fit prod-eu'],
    [{ labels: { team: 'shop' } }, 'label team "shop" does not fit "payments"'],
    [{ labels: { constructor: '*' } }, 'label constructor is not there'],
    [{ owner: 'Job/*' }, 'owner "Job/*" does not fit ReplicaSet/web'],
    [{ image: 'postgres' }, 'image "postgres" is not found in registry.test/proxy:1 or registry.test/app:1'],
    [{ name: '^api' }, 'name "^api" is not found in web-1'],
    [{ causes: ['Evicted'] }, 'cause Evicted is not found; OOMKilled is'],
  ])('%j', (match, why) => {
    expect(look(match)).toEqual({ matched: false, why });
  });

  it('names the pod itself where there is no owner, and no cause where there is no finding', () => {
    const healthy = { snapshot: podSnapshot(), verdict: judge(buildPod()) };
    expect(look({ owner: 'Pod/web-*' }, healthy).matched).toBe(true);
    expect(look({ owner: 'Job/*' }, healthy).why).toBe('owner "Job/*" does not fit Pod/web-1');
    expect(look({ causes: ['Evicted', 'Killed'] }, healthy).why).toBe(
      'cause Evicted or Killed is not found; nothing is',
    );
  });

  it('tells that labels were cut from the snapshot of a very large pod', () => {
    const labels = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`label-${index}`, 'x']));
    const large = { ...subject, snapshot: podSnapshot({ metadata: { labels } }) };
    expect(look({ labels: { 'label-69': '*' } }, large).why).toBe(
      'label label-69 is not there (the snapshot was cut: labels (6 dropped))',
    );
  });

  it('prints text of the cluster without control characters, in bounds', () => {
    const odd = { ...subject, snapshot: { ...subject.snapshot, name: `\u001b[2J${'x'.repeat(500)}` } };
    expect(look({ name: '^api' }, odd).why).toMatch(/^name "\^api" is not found in {2}\[2Jx{80,100}…$/);
  });
});
