import { describe, expect, it } from '@jest/globals';
import { renderReplayDetails, sayCounts } from '../../../../domain/replay/details/replay-details.ts';
import { replayAttributes, replayProgress } from '../../../../domain/replay/replay-progress.ts';
import { newReplay, type ReplayState } from '../../../../domain/replay/replay.ts';
import { replayedRun } from '../../../../domain/replay/replayed-run.ts';

const asked = {
  dryRun: false,
  filter: { select: 'failed', namespace: 'shop' },
  reason: 'label added',
  requestedAt: '2026-07-01T12:00:00Z',
} as const;
const empty = newReplay('2026-07-01T12:00:01Z');
const state: ReplayState = {
  ...empty,
  counts: { ...empty.counts, fixed: 18, 'still-failing': 1, error: 1 },
  runs: [
    {
      workflowId: 'pod/test/shop/web-1/uid-1',
      runId: 'r1',
      outcome: 'still-failing',
      rule: 'team-label',
      reason: 'no label `team`\n\n# shouting',
    },
    { workflowId: 'pod/test/shop/web-2/uid-2', runId: 'r2', outcome: 'error', reason: 'no worker' },
    { workflowId: 'pod/test/shop/web-3/uid-3', runId: 'r3', outcome: 'fixed' },
  ],
};

describe('the details of a replay', () => {
  const details = renderReplayDetails(replayProgress(asked, state, 'completed'), { temporalNamespace: 'default' });

  it('tell what it takes, the counts and the reason', () => {
    expect(details).toContain('**completed**: runs with failed classifications, namespace shop');
    expect(details).toContain('20 runs tried: 1 still-failing, 1 error, 18 fixed');
    expect(details).toContain('Reason given: `label added`');
  });

  it('name each run that needs a person, with a link to it, the rule and the reason', () => {
    expect(details).toContain(
      '- [pod/test/shop/web-1/uid-1](/namespaces/default/workflows/pod%2Ftest%2Fshop%2Fweb-1%2Fuid-1): rule `team-label`',
    );
    expect(details).toContain('`no worker`');
    expect(details).not.toContain('web-3');
  });

  it('take nothing of a reason for Markdown', () => {
    expect(details).toContain("`no label 'team' # shouting`");
    expect(details.split('\n').filter((line) => line.startsWith('#'))).toEqual([]);
  });

  it('show the newest twenty of many, and say so', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      workflowId: `pod/${index}`,
      runId: 'r',
      outcome: 'still-failing' as const,
    }));
    const text = renderReplayDetails(replayProgress(asked, { ...state, runs: many }, 'running'), {
      temporalNamespace: 'default',
    });
    expect(text).toContain('the newest 20 of 30');
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(20);
  });
});

describe('what a replay shows in lists of runs', () => {
  it.each([
    ['running', 0, 'replaying'],
    ['completed', 0, 'completed'],
    ['completed', 1, 'completed-with-failures'],
    ['cancelled', 1, 'cancelled'],
  ] as const)('%s with %d failing is the state %s', (at, failing, shown) => {
    const counts = { ...empty.counts, 'still-failing': failing };
    expect(replayAttributes({ cluster: 'test', state: at, dryRun: false, counts })).toEqual({
      cluster: 'test',
      state: shown,
      tags: ['replay'],
    });
  });

  it('marks a dry run', () => {
    const { tags } = replayAttributes({ cluster: 'test', state: 'running', dryRun: true, counts: empty.counts });
    expect(tags).toEqual(['replay', 'dry-run']);
  });

  it('says nothing tried as such, and one run as one', () => {
    expect(sayCounts(empty.counts)).toBe('0 runs tried');
    expect(sayCounts({ ...empty.counts, gone: 1 })).toBe('1 run tried: 1 gone');
  });
});

describe('the outcome of one run', () => {
  const run = { workflowId: 'w', runId: 'r' };

  it('is that of its reclassification, with long texts cut', () => {
    const result = { outcome: 'still-failing', reason: 'x'.repeat(2000), rule: 'a', from: 'none' } as const;
    const { reason, ...others } = replayedRun(run, { kind: 'tried', result });
    expect(others).toEqual({ ...run, outcome: 'still-failing', rule: 'a', from: 'none' });
    expect(reason).toHaveLength(300);
  });

  it.each([
    ['already-fixed', { kind: 'already-fixed' }],
    ['gone', { kind: 'gone', reason: 'it completed' }],
    ['error', { kind: 'refused', reason: 'no worker' }],
  ] as const)('is %s for %j', (outcome, answer) => {
    expect(replayedRun(run, answer)).toMatchObject({ ...run, outcome });
  });
});
