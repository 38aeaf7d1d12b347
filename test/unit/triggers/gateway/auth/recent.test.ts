import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../helpers/properties.ts';
import { createRecent } from '../../../../../triggers/gateway/auth/recent.ts';

describe('values that were used lately', () => {
  it(`are found, at least the half of them that was used last, and never more than all (seed ${propertySeed})`, () => {
    const step = fc.record({ name: fc.integer({ min: 0, max: 15 }), kind: fc.constantFrom('get', 'set', 'delete') });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
        const recent = createRecent<number>(most);
        const model = new Map<string, number>();
        for (const [turn, { name: number, kind }] of steps.entries()) {
          const name = String(number);
          if (kind === 'delete') {
            recent.delete(name);
            model.delete(name);
          } else {
            const found = kind === 'set' ? turn : recent.get(name);
            if (kind === 'set') recent.set(name, turn);
            if (found !== undefined) {
              expect(kind === 'get' ? found : turn).toBe(kind === 'get' ? model.get(name) : turn);
              model.delete(name);
              model.set(name, found);
            } else if (model.has(name)) {
              const younger = [...model.keys()].reverse().indexOf(name);
              expect(younger).toBeGreaterThanOrEqual(Math.floor(most / 2));
              model.delete(name);
            }
          }
        }
        const kept = [...Array(16).keys()].filter((name) => recent.get(String(name)) !== undefined);
        expect(kept.length).toBeLessThanOrEqual(most);
      }),
      { seed: propertySeed },
    );
  });
});
