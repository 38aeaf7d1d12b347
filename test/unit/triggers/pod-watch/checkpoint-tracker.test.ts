import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCheckpointTracker } from '../../../../triggers/pod-watch/hold/checkpoint-tracker.ts';
import { propertySeed } from '../../../helpers/properties.ts';

const at = (version: number) => ({ version: String(version), time: '2026-03-01T12:00:00Z' });

describe('the checkpoint tracker', () => {
  it('stays where it started until something resumable is complete', () => {
    const tracker = createCheckpointTracker(at(5), () => 0);
    expect(tracker.safe()).toEqual(at(5));
    const item = tracker.track(at(6));
    expect(tracker.safe()).toEqual(at(5));
    item.settle();
    expect(tracker.safe()).toEqual(at(6));
    expect(createCheckpointTracker(undefined, () => 0).safe()).toBeUndefined();
  });

  it('does not move to an item whose version is no point to resume from, and moves past it with the next', () => {
    const tracker = createCheckpointTracker(at(5), () => 0);
    tracker.track(undefined).settle();
    expect(tracker.safe()).toEqual(at(5));
    tracker.track(at(9)).settle();
    expect(tracker.safe()).toEqual(at(9));
  });

  it('tells since when the oldest item waits', () => {
    let now = 100;
    const tracker = createCheckpointTracker(undefined, () => now);
    expect(tracker.oldestMs()).toBeUndefined();
    const first = tracker.track(at(1));
    now = 200;
    const second = tracker.track(at(2));
    second.settle();
    expect([tracker.oldestMs(), tracker.outstanding()]).toEqual([100, 2]);
    first.settle();
    expect([tracker.oldestMs(), tracker.outstanding()]).toEqual([undefined, 0]);
  });

  it(`never passes an unsettled item, whatever the order (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
    const items = fc.array(fc.record({ resumable: fc.boolean(), order: fc.double({ noNaN: true }) }), {
      maxLength: 3000,
      size: 'max',
    });
    fc.assert(
      fc.property(items, (drawn) => {
        const tracker = createCheckpointTracker(at(0), () => 0);
        const settled = drawn.map(() => false);
        const tracked = drawn.map(({ resumable }, index) => tracker.track(resumable ? at(index + 1) : undefined));
        const order = [...drawn.keys()].sort((a, b) => drawn[a]!.order - drawn[b]!.order);
        let complete = 0;
        let expected = 0;
        for (const index of order) {
          tracked[index]!.settle();
          settled[index] = true;
          for (; settled[complete] === true; complete += 1) if (drawn[complete]!.resumable) expected = complete + 1;
          expect(tracker.safe()?.version).toBe(String(expected));
          expect(tracker.outstanding()).toBe(drawn.length - complete);
        }
      }),
      { seed: propertySeed, numRuns: 30 },
    );
  });
});
