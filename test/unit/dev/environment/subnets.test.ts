import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRange, pickSubnets, subnetsOf } from '../../../../dev/environment/node/subnets.ts';

const seed = Number(process.env['PODKEEPER_TEST_SEED'] ?? Date.now() % 2 ** 31);
console.log(`PODKEEPER_TEST_SEED=${seed}`);

const overlap = (a: string, b: string) => {
  const [left, right] = [parseRange(a), parseRange(b)];
  return left.first <= right.last && right.first <= left.last;
};

describe('the networks of a real node', () => {
  it('are a /24 for pods and a /30 for the cable beside it', () => {
    expect(subnetsOf(0)).toEqual({ hostAddress: '10.208.1.1', nodeAddress: '10.208.1.2', podCidr: '10.208.0.0/24' });
    expect(subnetsOf(2047)).toEqual({
      hostAddress: '10.223.255.1',
      nodeAddress: '10.223.255.2',
      podCidr: '10.223.254.0/24',
    });
  });

  it('of two candidates never overlap', () => {
    const candidate = fc.integer({ min: 0, max: 2047 });
    fc.assert(
      fc.property(candidate, candidate, (one, two) => {
        fc.pre(one !== two);
        const [a, b] = [subnetsOf(one), subnetsOf(two)];
        const ranges = (subnets: typeof a) => [subnets.podCidr, `${subnets.hostAddress}/30`];
        return ranges(a).every((left) => ranges(b).every((right) => !overlap(left, right)));
      }),
      { seed },
    );
  });

  it('keep clear of every route and address of the host', () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 20 - 1 }), fc.integer({ min: 16, max: 32 }))
      .map(([offset, bits]) => `10.${208 + (offset >>> 16)}.${(offset >>> 8) & 255}.${offset & 255}/${bits}`);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), fc.integer({ min: 0, max: 2047 }), (taken, start) => {
        const picked = pickSubnets(taken.map(parseRange), start);
        return taken.every((used) => !overlap(used, picked.podCidr) && !overlap(used, `${picked.hostAddress}/30`));
      }),
      { seed },
    );
  });

  it('are refused when nothing is free', () => {
    expect(() => pickSubnets([parseRange('10.0.0.0/8')])).toThrow('No free network');
  });

  it('are counted from single addresses and from ranges alike', () => {
    expect(parseRange('10.0.0.7')).toEqual({ first: 167772167, last: 167772167 });
    expect(parseRange('10.0.0.7/24')).toEqual({ first: 167772160, last: 167772415 });
  });
});
