import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPace } from '../../../../domain/replay/pace.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

describe('the pace of a replay', () => {
  it('lets the first ones go at once and the next one a second after the first', () => {
    const pace = createPace(2);
    expect([pace.reserve(5000), pace.reserve(5100), pace.reserve(5200)]).toEqual([0, 0, 800]);
  });

  it(`never lets more than so many go in any second, and holds none back for longer (seed ${propertySeed})`, () => {
    check(
      fc.record({ limit: fc.integer({ min: 1, max: 30 }), gaps: fc.array(fc.nat(400), { maxLength: 120 }) }),
      ({ limit, gaps }) => {
        const pace = createPace(limit);
        let nowMs = 0;
        const startsMs = gaps.map((gap) => {
          nowMs += gap;
          const waitMs = pace.reserve(nowMs);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(1000);
          nowMs += waitMs;
          return nowMs;
        });
        for (const [index, startMs] of startsMs.entries()) {
          const earlier = startsMs[index - limit];
          if (earlier !== undefined) expect(startMs - earlier).toBeGreaterThanOrEqual(1000);
        }
      },
    );
  });
});
