import type { WatchCheckpoint, WatchGap } from '../../domain/pods/watch/watch-checkpoint.ts';

export function checkpointAt(version: number | string, epoch = 0): WatchCheckpoint {
  return { sources: { '': { version: String(version), time: '2026-03-01T12:00:00Z' } }, epoch };
}

export function gapFrom(fromVersion: string, parts: Partial<WatchGap> = {}): WatchGap {
  return {
    source: '',
    fromVersion,
    toVersion: '900',
    fromTime: '2026-03-01T12:00:00Z',
    toTime: '2026-03-01T12:05:00Z',
    reason: 'expired',
    ...parts,
  };
}
