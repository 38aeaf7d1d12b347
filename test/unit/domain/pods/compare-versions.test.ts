import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions } from '../../../../domain/pods/snapshot/compare-versions.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

describe(`the order of versions (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('is that of numbers of any size', () => {
    check(fc.tuple(fc.bigInt(0n, 2n ** 130n), fc.bigInt(0n, 2n ** 130n)), ([a, b]) => {
      const order = compareVersions(String(a), String(b));
      expect(Math.sign(order ?? NaN)).toBe(a < b ? -1 : a > b ? 1 : 0);
    });
    expect(compareVersions('9', '10')).toBeLessThan(0);
    expect(compareVersions('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
    expect(compareVersions('010', '10')).toBe(0);
  });

  it('is only equality for anything else', () => {
    expect(compareVersions('abc', 'abc')).toBe(0);
    expect(compareVersions('', '')).toBe(0);
    for (const [a, b] of [
      ['abc', 'abd'],
      ['', '1'],
      ['-1', '1'],
      ['1.0', '1'],
      ['0x1', '1'],
      ['9'.repeat(1e6), '1'],
    ]) {
      expect(compareVersions(a!, b!)).toBeUndefined();
    }
  });
});
