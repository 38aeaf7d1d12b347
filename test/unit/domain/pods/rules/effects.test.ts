import { describe, expect, it } from '@jest/globals';
import { RuleError, type RuleSubject } from '../../../../../domain/pods/rules/compiled-rules.ts';
import type { RuleEffect, UserRule } from '../../../../../domain/pods/rules/user-rules.ts';
import { buildPod, terminated, waiting } from '../../../../helpers/pods.ts';
import { podSnapshot, type SnapshotParts } from '../../../../helpers/pod-changes.ts';
import { compiled, rule } from '../../../../helpers/rules.ts';
import { brief, judge } from '../../../../helpers/verdicts.ts';

function subjectOf(parts: SnapshotParts): RuleSubject {
  return { snapshot: podSnapshot(parts), verdict: judge(buildPod(parts)) };
}

const labels = { team: 'payments', app: 'web', empty: '' };
const healthy = subjectOf({ metadata: { labels }, owner: 'ReplicaSet' });
const oomKilled = terminated({ exitCode: 137, reason: 'OOMKilled' });
/** `app` was killed for its memory and loops, `helper` cannot pull its image. */
const troubled = subjectOf({
  metadata: { labels },
  containers: [
    { state: waiting('CrashLoopBackOff'), lastState: oomKilled, restarts: 4 },
    { name: 'helper', state: waiting('ImagePullBackOff', 'Back-off pulling image: not found') },
  ],
});

const apply = (subject: RuleSubject, ...rules: UserRule[]) => compiled(...rules).apply(subject);
const set = (effect: RuleEffect, name?: string) => rule({}, effect, name);

function failureOf(subject: RuleSubject, ...rules: UserRule[]): RuleError {
  try {
    apply(subject, ...rules);
  } catch (error) {
    expect(error).toBeInstanceOf(RuleError);
    return error as RuleError;
  }
  throw new Error('no rule failed');
}

describe('tags and teams', () => {
  it('come in the order of the rules, without repeats, the team last', () => {
    expect(
      apply(
        healthy,
        set({ tags: ['b', 'a'], team: 'one' }, 'first'),
        rule({ namespaces: ['elsewhere'] }, { tags: ['never'] }, 'second'),
        set({ tags: ['a', 'c'] }, 'third'),
      ),
    ).toEqual({
      verdict: healthy.verdict,
      tags: ['b', 'a', 'c', 'team:one'],
      team: 'one',
      matched: ['first', 'third'],
    });
  });

  it('take the team of the last rule that matches', () => {
    const { team, tags } = apply(healthy, set({ team: 'one' }, 'first'), set({ team: 'two' }, 'second'));
    expect({ team, tags }).toEqual({ team: 'two', tags: ['team:two'] });
  });

  it('hold values of the pod, with a default for what is missing or empty', () => {
    const tags = ['app:${labels.app}', '${namespace}/${name}', '${owner}', '${labels.tier:-none}-${labels.empty:-x}'];
    expect(apply(healthy, set({ tags })).tags).toEqual(['app:web', 'shop/web-1', 'ReplicaSet/web', 'none-x']);
  });
});

describe('a rule fails', () => {
  it.each<[string, RuleEffect, string]>([
    [
      'a label is missing',
      { team: '${labels.tier}' },
      '"${labels.tier}": label "tier" is missing on this pod; write ${labels.tier:-none} to give it a default',
    ],
    [
      'a label is empty',
      { tags: ['a:${labels.empty}'] },
      '"a:${labels.empty}": label "empty" is empty on this pod; write ${labels.empty:-none} to give it a default',
    ],
    ['a tag is too long', { tags: [`\${labels.app}${'x'.repeat(62)}`] }, 'has 65 characters, more than 64'],
    ['a team is too long', { team: `\${labels.app}${'x'.repeat(61)}` }, 'has 64 characters, more than 63'],
    [
      'a tag comes out as one of Podkeeper',
      { tags: ['${labels.tier:-incident}'] },
      'tag "incident" is one that Podkeeper sets itself',
    ],
  ])('when %s', (_, effect, problem) => {
    const { message, rule: name } = failureOf(healthy, set(effect, 'broken'));
    expect(name).toBe('broken');
    expect(message).toContain(problem);
    expect(message).toMatch(/^Rule "broken": /);
  });

  it('when a value of the pod has characters that no tag may have', () => {
    const odd = { ...healthy, snapshot: { ...healthy.snapshot, labels: { team: 'a\nb' } } };
    expect(failureOf(odd, set({ team: '${labels.team}' })).message).toContain('not "\\n"');
  });

  it('that adds one tag too many, over all rules', () => {
    const many = (start: number, count: number) => Array.from({ length: count }, (_, index) => `t${start + index}`);
    const sixteen = [set({ tags: many(0, 10) }, 'first'), set({ tags: many(10, 6), team: 'x' }, 'second')];
    expect(apply(healthy, ...sixteen).tags).toHaveLength(17);
    expect(failureOf(healthy, ...sixteen, set({ tags: ['t0'] }), set({ tags: ['t99'] }, 'last'))).toMatchObject({
      rule: 'last',
    });
  });

  it('only where it matches', () => {
    expect(apply(healthy, rule({ name: '^api' }, { team: '${labels.tier}' })).matched).toEqual([]);
  });
});

describe('severity', () => {
  it('is that of the primary finding, or of the findings whose cause the rule names', () => {
    const severitiesIn = (...rules: UserRule[]) =>
      apply(troubled, ...rules).verdict.findings.map(({ cause, severity }) => `${cause} ${severity}`);
    expect(severitiesIn(rule({ name: 'nobody' }))).toEqual(['ImagePullFailed high', 'OOMKilled critical']);
    expect(severitiesIn(set({ severity: 'low' }))).toEqual(['ImagePullFailed low', 'OOMKilled critical']);
    expect(severitiesIn(rule({ causes: ['OOMKilled'] }, { severity: 'medium' }))).toEqual([
      'ImagePullFailed high',
      'OOMKilled medium',
    ]);
  });

  it('info opens no incident; then the next finding that does is primary', () => {
    const { verdict } = apply(troubled, set({ severity: 'info' }));
    expect(brief(verdict)).toBe('OOMKilled incident Degraded');
    expect(verdict.findings.map(({ cause }) => cause)).toEqual(['OOMKilled', 'ImagePullFailed']);
  });

  it('of the last rule wins, each rule looking at the verdict as it was decided', () => {
    const { verdict } = apply(troubled, set({ severity: 'info' }), set({ severity: 'low' }));
    expect(verdict.findings.map(({ cause, severity }) => `${cause} ${severity}`)).toEqual([
      'ImagePullFailed low',
      'OOMKilled critical',
    ]);
  });

  it('is of nothing where there is no primary finding', () => {
    expect(apply(healthy, set({ severity: 'critical' })).verdict).toBe(healthy.verdict);
  });
});

describe('ignore', () => {
  it('of all findings leaves them in the verdict, which is no incident; the health stays', () => {
    const { verdict } = apply(troubled, set({ ignore: true }));
    expect(brief(troubled.verdict)).toBe('ImagePullFailed incident Degraded');
    expect(brief(verdict)).toBe('ImagePullFailed no-incident Degraded');
    expect(verdict.findings.map(({ excuse }) => excuse)).toEqual(['ignored', 'ignored']);
  });

  it('of one cause leaves the others to open an incident, and to be primary', () => {
    const { verdict } = apply(troubled, rule({ causes: ['ImagePullFailed'] }, { ignore: true }));
    expect(brief(verdict)).toBe('OOMKilled incident Degraded');
    expect(verdict.findings[1]).toMatchObject({ cause: 'ImagePullFailed', excuse: 'ignored' });
  });

  it('makes a healthy pod with a crash on record one without a primary cause', () => {
    const recovered = subjectOf({
      containers: [
        { lastState: terminated({ exitCode: 137, reason: 'OOMKilled', finished: -3500, started: -3600 }), restarts: 1 },
      ],
    });
    expect(brief(recovered.verdict)).toBe('OOMKilled incident Healthy');
    expect(brief(apply(recovered, set({ ignore: true })).verdict)).toBe('none no-incident Healthy');
  });

  it('marks nothing that would open no incident anyway', () => {
    const stopped = subjectOf({ phase: 'Succeeded', containers: [{ state: terminated({ exitCode: 0 }) }] });
    expect(apply(stopped, set({ ignore: true })).verdict).toBe(stopped.verdict);
  });

  it('holds against a severity that another rule raises', () => {
    const { verdict } = apply(troubled, set({ ignore: true }), set({ severity: 'critical' }));
    expect(verdict.incident).toBe(false);
  });
});

describe('an explanation', () => {
  it('tells what each rule did, in words', () => {
    const rules = compiled(
      set({ tags: ['app:${labels.app}', 'x'], team: 'one', severity: 'low' }, 'first'),
      rule({ causes: ['OOMKilled'] }, { tags: ['x'], team: 'two', ignore: true, severity: 'high' }, 'second'),
      set({ team: '${labels.tier}' }, 'broken'),
    );
    expect(rules.explain(troubled).map(({ effects, failed }) => ({ effects, failed }))).toEqual([
      {
        effects: ['tag app:web', 'tag x', 'team one', 'severity of ImagePullFailed (container helper): high → low'],
        failed: false,
      },
      {
        effects: [
          'tag x, which another rule has added',
          'team two in place of one',
          'severity of OOMKilled (container app): critical → high',
          'ignores OOMKilled (container app)',
        ],
        failed: false,
      },
      {
        effects: [
          '"${labels.tier}": label "tier" is missing on this pod; write ${labels.tier:-none} to give it a default',
        ],
        failed: true,
      },
    ]);
  });
});
