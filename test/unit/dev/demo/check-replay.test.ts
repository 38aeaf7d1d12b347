import { describe, expect, it } from '@jest/globals';
import { checkReplay } from '../../../../dev/demo/replay/check-replay.ts';
import { nothingYet, type ReplayRecord } from '../../../../dev/demo/replay/record.ts';
import type { ReportedPod } from '../../../../dev/demo/replay/reported-pods.ts';
import { newReplay, type ReplayCounts } from '../../../../domain/replay/replay.ts';
import type { PodRunView } from '../../../../triggers/http/runs/views/read-pod-run.ts';
import { demoRun, entry } from '../../../helpers/demo/demo-run.ts';

const pod: ReportedPod = { name: 'ledger', uid: 'uid-1', causes: ['AppError'], event: {} };
const classified = { ...entry({ version: '1', operation: 'add', cause: 'AppError' }), team: 'billing' };

function run(parts: { entries?: PodRunView['timeline']['entries']; rule?: string | null } = {}): PodRunView {
  const { entries = [], rule } = parts;
  const failure = { failedAt: '', reason: 'label "team" is missing', rule: rule ?? null, changes: 1 };
  const items = rule === undefined ? [] : [failure];
  return {
    state: demoRun().state,
    timeline: { entries, dropped: 0 },
    failures: { count: items.length, items },
  };
}

function replay(counts: Partial<ReplayCounts>, state: 'running' | 'completed' = 'completed'): ReplayRecord['replay'] {
  const fresh = newReplay('2026-01-01T00:00:00Z');
  const progress = { ...fresh, state, counts: { ...fresh.counts, ...counts }, tried: 1, dryRun: false };
  const asked = { filter: { select: 'failed' }, reason: '', requestedAt: '' } as const;
  return {
    replayId: 'demo-1',
    run: {} as NonNullable<ReplayRecord['replay']>['run'],
    failure: null,
    progress: { ...progress, ...asked },
  };
}

const good: ReplayRecord = {
  sent: [pod],
  failing: new Map([['ledger', run({ rule: 'team-by-label' })]]),
  replay: replay({ fixed: 1 }),
  afterwards: new Map([['ledger', run({ entries: [classified] })]]),
};

function problems(more: Partial<ReplayRecord>): string[] {
  return checkReplay({ ...good, ...more }).flatMap(({ ok, what }) => (ok ? [] : [what]));
}

function after(parts: Parameters<typeof run>[0]): Partial<ReplayRecord> {
  return { afterwards: new Map([['ledger', run(parts)]]) };
}

describe('the check of the replay in the demo', () => {
  it('is content when each pod failed by the rule and is classified as reported afterwards', () => {
    expect(checkReplay(good)).toEqual([
      { ok: true, what: 'billing/ledger: failed by rule team-by-label; after the replay AppError, as reported' },
      { ok: true, what: 'replay: completed, 1 fixed' },
    ]);
  });

  it('is not content before anything happened', () => {
    expect(checkReplay(nothingYet).every(({ ok }) => ok)).toBe(false);
    expect(problems({ replay: null })).toEqual(['replay: it was not seen to start']);
  });

  it('wants to have seen the failure, by the rule', () => {
    expect(problems({ failing: new Map() })).toEqual(['billing/ledger: its classification was not seen to fail']);
    expect(problems({ failing: new Map([['ledger', run({ rule: null })]]) })).toEqual([
      'billing/ledger: it failed, but not by the rule: label "team" is missing',
    ]);
  });

  it('finds what is not classified, still fails, is told otherwise or got no team', () => {
    expect(problems({ afterwards: new Map() })).toEqual(['billing/ledger: its run was not seen after the replay']);
    expect(problems(after({}))).toEqual(['billing/ledger: it is still not classified']);
    expect(problems(after({ entries: [classified], rule: 'team-by-label' }))).toEqual([
      'billing/ledger: 1 of its classifications still fail',
    ]);
    expect(problems(after({ entries: [{ ...classified, primary: 'OOMKilled' }] }))).toEqual([
      'billing/ledger: told as OOMKilled, reported as AppError',
    ]);
    expect(problems(after({ entries: [{ ...classified, team: 'other' }] }))).toEqual([
      'billing/ledger: its team is other instead of billing',
    ]);
  });

  it('finds a replay that did not end or fixed too little', () => {
    expect(problems({ replay: replay({ fixed: 1 }, 'running') })).toEqual(['replay: running, 1 fixed']);
    expect(problems({ replay: replay({}) })).toEqual(['replay: completed, nothing tried']);
    expect(problems({ replay: replay({ fixed: 1, 'still-failing': 1 }) })).toEqual([
      'replay: completed, 1 still-failing, 1 fixed',
    ]);
  });
});
