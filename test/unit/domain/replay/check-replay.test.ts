import { describe, expect, it } from '@jest/globals';
import { checkReplayFilter } from '../../../../domain/replay/check-replay-filter.ts';
import { checkReplayInput, describeFaults } from '../../../../domain/replay/check-replay-input.ts';

const faultyFields = (filter: unknown) => checkReplayFilter(filter).map(({ path }) => path);

describe('the filter of a replay', () => {
  it('is valid with everything given as it should be', () => {
    const filter = {
      select: 'all',
      namespace: 'shop',
      pod: 'web-5d4f.1',
      owner: 'ReplicaSet/web-5d4f',
      cause: 'OOMKilled',
      rule: 'team-label',
      from: '2026-07-01T12:00:00+02:00',
      to: '2026-07-01T12:00:00Z',
    };
    expect(checkReplayFilter(filter)).toEqual([]);
    expect(checkReplayFilter({ select: 'failed' })).toEqual([]);
  });

  it.each([
    ['select', { select: 'some' }],
    ['select', {}],
    ['namespace', { select: 'failed', namespace: 'No Namespace' }],
    ['pod', { select: 'failed', pod: '' }],
    ['owner', { select: 'failed', owner: 'web' }],
    ['cause', { select: 'failed', cause: 'Boredom' }],
    ['rule', { select: 'failed', rule: "a' OR 'b" }],
    ['from', { select: 'failed', from: '2026-07-01' }],
    ['from', { select: 'failed', from: '2026-02-31T99:00:00Z' }],
    ['to', { select: 'failed', to: 5 }],
    ['to', { select: 'failed', from: '2026-07-01T12:00:00Z', to: '2026-07-01T14:00:00+02:00' }],
    ['node', { select: 'failed', node: 'n1' }],
    ['toString', { select: 'failed', toString: 'x' }],
    ['filter', null],
    ['filter', ['failed']],
    ['filter', 'failed'],
  ])('names the field that is wrong: %s of %j', (field, filter) => {
    expect(faultyFields(filter)).toEqual([field]);
  });
});

describe('the input of a replay', () => {
  const input = {
    cluster: 'test',
    requestId: 'cli-1',
    filter: { select: 'failed' },
    dryRun: false,
    reason: 'fixed',
    requestedAt: '2026-07-01T12:00:00Z',
    runsPerSecond: 20,
  };

  it('is valid as the triggers give it', () => {
    expect(checkReplayInput(input)).toEqual([]);
  });

  it.each([
    ['input is no object', undefined],
    ['cluster "a/b" is no name of a cluster', { ...input, cluster: 'a/b' }],
    ['requestId "a/b" is not 1 to 128', { ...input, requestId: 'a/b' }],
    ['runsPerSecond 0 is no whole number', { ...input, runsPerSecond: 0 }],
    ['runsPerSecond 0.5 is no whole number', { ...input, runsPerSecond: 0.5 }],
    ['historyLimit "x" is no whole number', { ...input, historyLimit: 'x' }],
    ['filter is no object', { ...input, filter: undefined }],
    ['filter.cause "x" is no cause', { ...input, filter: { select: 'failed', cause: 'x' } }],
  ])('says what is wrong: %s', (said, given) => {
    const faults = checkReplayInput(given);
    expect(faults).toHaveLength(1);
    expect(describeFaults(faults)).toContain(said);
  });

  it('names every fault of nonsense', () => {
    expect(checkReplayInput({}).map(({ path }) => path)).toEqual([
      'cluster',
      'requestId',
      'dryRun',
      'reason',
      'requestedAt',
      'runsPerSecond',
      'filter',
    ]);
  });
});
