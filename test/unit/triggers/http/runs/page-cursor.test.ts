import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../../../triggers/http/runs/page-cursor.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';

const filters = fc.dictionary(fc.constantFrom('namespace', 'pod', 'owner', 'from'), fc.string());
const tokens = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe(`a page cursor (seed ${propertySeed})`, () => {
  it('gives its token back for the same filter, in whatever order, and is fit for a URL', () => {
    check(fc.tuple(filters, tokens), ([filter, token]) => {
      const cursor = encodeCursor(filter, token);
      const same = Object.fromEntries([...Object.entries(filter).toReversed(), ['cause', undefined]]);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(same, cursor)).toEqual(Buffer.from(token));
    });
  });

  it('is none of another filter', () => {
    const sorted = (filter: object) => JSON.stringify(Object.entries(filter).sort());
    check(fc.tuple(filters, filters, tokens), ([one, other, token]) => {
      fc.pre(sorted(one) !== sorted(other));
      expect(decodeCursor(other, encodeCursor(one, token))).toBeUndefined();
    });
  });

  it('is none when any character of it was changed or taken away', () => {
    check(fc.tuple(tokens, fc.nat(), fc.constantFrom('A', 'z', '_', ' ', '=', '')), ([token, at, put]) => {
      const cursor = encodeCursor({}, token);
      const index = at % cursor.length;
      const changed = cursor.slice(0, index) + put + cursor.slice(index + 1);
      fc.pre(changed !== cursor);
      expect(decodeCursor({}, changed)).toBeUndefined();
    });
  });

  it('is none of any other text', () => {
    check(fc.string(), (text) => expect(decodeCursor({}, text)).toBeUndefined());
    expect(decodeCursor({}, '')).toBeUndefined();
  });
});
