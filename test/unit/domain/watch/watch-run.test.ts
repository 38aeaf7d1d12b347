import { describe, expect, it } from '@jest/globals';
import { renderWatchDetails } from '../../../../domain/pods/watch/watch-details.ts';
import { type GapLog, recordGap } from '../../../../domain/pods/watch/watch-gaps.ts';
import { scopeFaults, type WatchScope } from '../../../../domain/pods/watch/watch-scope.ts';
import { checkpointAt, gapFrom } from '../../../helpers/watch-values.ts';

const scope = (parts: Partial<WatchScope> = {}): WatchScope => ({
  scopeName: 'all',
  namespaces: [],
  excludePatterns: [],
  ...parts,
});

describe('the gaps of a watch', () => {
  const record = (...gaps: Parameters<typeof recordGap>[1][]) =>
    gaps.reduce<GapLog>((log, gap) => recordGap(log, gap), { gaps: [], gapCount: 0 });

  it('count once when one is reported again, and grow with its later end', () => {
    const log = record(gapFrom('5'), gapFrom('5', { toVersion: '950', toTime: '2026-03-01T12:09:00Z' }));
    expect(log).toEqual({ gaps: [gapFrom('5', { toVersion: '950', toTime: '2026-03-01T12:09:00Z' })], gapCount: 1 });
  });

  it('are different ones from another version or in another source', () => {
    expect(record(gapFrom('5'), gapFrom('6'), gapFrom('5', { source: 'shop' })).gapCount).toBe(3);
  });

  it('whose start is lost are told apart by time', () => {
    const later = gapFrom('', { fromTime: '2026-03-02T12:00:00Z' });
    expect(record(gapFrom(''), gapFrom(''), later)).toEqual({ gaps: [gapFrom(''), later], gapCount: 2 });
  });

  it('are kept to fifty, the oldest only counted', () => {
    const log = record(...Array.from({ length: 60 }, (_, index) => gapFrom(String(index))));
    expect(log.gapCount).toBe(60);
    expect(log.gaps.map(({ fromVersion }) => fromVersion)).toEqual(
      Array.from({ length: 50 }, (_, index) => String(index + 10)),
    );
  });
});

describe('a scope', () => {
  it('is valid with a DNS label and exact namespaces', () => {
    expect(scopeFaults(scope())).toEqual([]);
    expect(scopeFaults(scope({ scopeName: 'a-1', namespaces: ['shop', 'bank'] }))).toEqual([]);
  });

  it.each([
    ['', 'scopeName ""'],
    ['Not', 'scopeName "Not"'],
    ['-a', 'scopeName "-a"'],
    ['a/b', 'scopeName "a/b"'],
    ['a'.repeat(64), 'scopeName "aaa'],
  ])('named "%s" is refused', (scopeName, message) => {
    expect(scopeFaults(scope({ scopeName }))).toEqual([expect.stringContaining(message)]);
  });

  it('names every fault of its namespaces', () => {
    expect(scopeFaults(scope({ namespaces: ['a', 'prod-*', 'a'] }))).toEqual([
      'namespaces[1] "prod-*" is not a namespace name',
      'namespaces names one namespace twice',
    ]);
  });
});

describe('the details of a watch', () => {
  const watch = {
    mode: 'running',
    cluster: 'test',
    configuration: { scope: scope(), podRuns: 'all' },
    checkpoint: null,
    interval: 1,
    missingPermissions: [],
    gaps: [],
    gapCount: 0,
  };

  it('tell what is watched before the first interval has ended', () => {
    expect(renderWatchDetails(watch).split('\n')).toEqual([
      '**running**: pods of cluster `test` in every namespace; runs for: all',
      '',
      'Interval 1. No interval has ended yet.',
    ]);
  });

  it('tell scope, checkpoint, missing permissions and gaps', () => {
    const text = renderWatchDetails({
      ...watch,
      mode: 'paused',
      configuration: { scope: scope({ namespaces: ['a', 'b'], labelSelector: 'app=web' }), podRuns: 'all' },
      checkpoint: { epoch: 0, sources: { ...checkpointAt(7).sources, shop: { version: '9', time: 't' } } },
      missingPermissions: ['watch pods in every namespace'],
      gaps: [gapFrom('')],
      gapCount: 1,
    });
    expect(text).toContain('**paused**: pods of cluster `test` in namespaces a, b with labels `app=web`');
    expect(text).toContain('up to version 7 (2026-03-01T12:00:00Z), shop: version 9 (t).');
    expect(text).toContain('**Missing permissions:** watch pods in every namespace');
    expect(text).toContain("**1 gap** (updates in them can't be known):");
    expect(text).toContain('- 2026-03-01T12:00:00Z to 2026-03-01T12:05:00Z, versions ? to 900: expired');
  });

  it('show the ten newest of many gaps', () => {
    const gaps = Array.from({ length: 14 }, (_, index) => gapFrom(String(index)));
    const text = renderWatchDetails({ ...watch, gaps, gapCount: 14 });
    expect(text).toContain('**14 gaps**');
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(10);
  });
});
