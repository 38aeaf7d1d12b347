import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLineSplitter } from '../../../../platform/kubernetes/reflector/stream/split-lines.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

/** Feeds bytes in chunks that end at these places. */
function split(bytes: Uint8Array, cuts: readonly number[], limit?: number): string[] {
  const splitter = createLineSplitter(limit);
  const lines: string[] = [];
  const take = (parts: Iterable<Uint8Array>) => {
    for (const part of parts) lines.push(Buffer.from(part).toString('utf8'));
  };
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    take(splitter.push(bytes.subarray(start, end)));
    start = end;
  }
  take(splitter.end());
  return lines;
}

describe(`cutting a stream into lines (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('gives the same lines however the bytes come in', () => {
    const text = fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', ''));
    check(fc.tuple(fc.array(text), fc.array(fc.nat())), ([lines, cuts]) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      expect(split(bytes, cuts)).toEqual(
        lines.map((line) => Buffer.from(line).toString()).filter((line) => line !== ''),
      );
    });
  });

  it('takes what follows the last newline for a line', () => {
    expect(split(Buffer.from('one\n\ntwo'), [2])).toEqual(['one', 'two']);
    expect(split(Buffer.from(''), [])).toEqual([]);
  });

  it('refuses a line over the limit whether its end has come or not, and takes one that just fits', () => {
    expect(split(Buffer.from('12345\n'), [3], 5)).toEqual(['12345']);
    expect(() => split(Buffer.from('123456\n'), [], 5)).toThrow('a line of more than 5 bytes');
    expect(() => split(Buffer.from('123456\n'), [3], 5)).toThrow('a line of more than 5 bytes');
    expect(() => split(Buffer.from('123456'), [3], 5)).toThrow('a line of more than 5 bytes');
  });
});
