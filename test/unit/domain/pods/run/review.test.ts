import { describe, expect, it } from '@jest/globals';
import { nextReviewMs } from '../../../../../domain/pods/run/pod-run-review.ts';
import { podSnapshot, type SnapshotParts } from '../../../../helpers/pod-changes.ts';
import { at, podNow, running, terminated, waiting } from '../../../../helpers/pods.ts';

/** Seconds from `podNow` until the next review; Infinity when there is none. */
function reviewIn(parts: SnapshotParts | null, { gone = false, judgedAt = podNow.toISOString() } = {}): number {
  const snapshot = parts === null ? null : podSnapshot(parts);
  return (nextReviewMs({ snapshot, gone, judgedAt }) - podNow.getTime()) / 1000;
}

const scheduled = (status: string, seconds: number) => ({ PodScheduled: { status, lastTransitionTime: at(seconds) } });
const starting = { phase: 'Pending', containers: [{ state: waiting('ContainerCreating') }] } as const;

describe('the next review of a verdict', () => {
  it.each<[string, SnapshotParts, number]>([
    ['a pod that is well', {}, Infinity],
    ['a pod that succeeded', { phase: 'Succeeded', containers: [{ ready: false }] }, Infinity],
    [
      'a pod that no node takes',
      { phase: 'Pending', containers: [{ state: null }], conditions: scheduled('False', -100) },
      201,
    ],
    ['a pod that starts', { ...starting, conditions: scheduled('True', -60) }, 241],
    ['a container that runs and is not ready', { containers: [{ ready: false, state: running(-20) }] }, 101],
    [
      'a restarted container',
      { containers: [{ restarts: 1, lastState: terminated({ exitCode: 1, finished: -100 }) }] },
      501,
    ],
    ['a pod that terminates', { metadata: { deletionTimestamp: at(30), deletionGracePeriodSeconds: 30 } }, 91],
    ['a pod whose windows have all ended', { containers: [{ ready: false, state: running(-3600) }] }, Infinity],
  ])('of %s is when the next window of the rules ends', (_, parts, seconds) => {
    expect(reviewIn(parts)).toBe(seconds);
  });

  it('is the first of several', () => {
    const containers = [
      { name: 'app', ready: false, state: running(-20) },
      { name: 'other', restarts: 1, lastState: terminated({ exitCode: 1, finished: -595 }) },
    ];
    expect(reviewIn({ containers })).toBe(6);
    expect(reviewIn({ containers }, { judgedAt: at(7) })).toBe(101);
  });

  it('is overdue when the window ended after the moment the verdict is as of, however late that is noticed', () => {
    const parts = { ...starting, conditions: scheduled('True', -700) };
    expect(reviewIn(parts, { judgedAt: at(-600) })).toBe(-399);
  });

  it('is never for a pod that is gone or was never seen', () => {
    expect(reviewIn({ containers: [{ ready: false, state: running(-20) }] }, { gone: true })).toBe(Infinity);
    expect(reviewIn(null)).toBe(Infinity);
  });

  it('leaves out times that are none', () => {
    expect(reviewIn({ containers: [{ ready: false, state: { running: { startedAt: 'yesterday' } } }] })).toBe(Infinity);
  });
});
