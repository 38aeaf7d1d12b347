import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyHash } from '../../../../../triggers/http/start/body-hash.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';

/** The same value with the keys of every object in the opposite order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe(`the hash of a body (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('is the SHA-256 of its JSON with sorted keys and without spaces', () => {
    // printf '{"a":[1,"x",null],"b":true}' | sha256sum
    const expected = '4d7b28d08614fa6b95c30756c0ebb1630591378c477e0943d35ac08f97b604a3';
    expect(bodyHash({ b: true, a: [1, 'x', null] })).toBe(expected);
  });

  it('does not depend on the order of keys', () => {
    check(fc.jsonValue(), (value) => expect(bodyHash(reordered(plain(value)))).toBe(bodyHash(plain(value))));
  });

  it('is another one for any other value', () => {
    check(fc.tuple(fc.jsonValue(), fc.jsonValue()), ([a, b]) => {
      expect(bodyHash(a) === bodyHash(b)).toBe(isDeepStrictEqual(plain(a), plain(b)));
    });
  });

  it.each<[unknown, unknown]>([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: '1' }],
    [{ a: { b: 1 } }, { a: {}, b: 1 }],
    [[], {}],
    [{ a: null }, {}],
    [['a,b'], ['a', 'b']],
  ])('tells %j and %j apart', (a, b) => expect(bodyHash(a)).not.toBe(bodyHash(b)));
});
