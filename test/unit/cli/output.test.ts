import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printTable } from '../../../cli/output.ts';
import { check, propertySeed } from '../../helpers/properties.ts';

type Row = readonly [string, string, string];
const columns = ['ONE', 'TWO', 'THREE'].map((title, index) => ({ title, value: (row: Row) => row[index]! }));

function print(rows: readonly Row[], width?: number): string[] {
  let text = '';
  const write = (chunk: string): void => {
    text += chunk;
  };
  printTable(rows, columns, width === undefined ? { write } : { write, isTTY: true, columns: width });
  return text.split('\n').slice(0, -1);
}

describe(`tables (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('line their columns up', () => {
    expect(print([['a', 'bbbbb', 'c']])).toEqual(['ONE  TWO    THREE', 'a    bbbbb  c']);
  });

  it('cut nothing in a pipe, and the widest columns on a terminal', () => {
    const row: Row = ['short', 'x'.repeat(60), 'y'.repeat(200)];
    expect(print([row])[1]).toContain('y'.repeat(200));
    const [, line] = print([row], 80);
    expect(line).toMatch(/^short {2}x+… {2}y+…$/);
    expect(line).toHaveLength(80);
  });

  it('fit any terminal of reasonable width, whatever the cells', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 80 });
    check(fc.tuple(fc.array(fc.tuple(cell, cell, cell)), fc.integer({ min: 40, max: 200 })), ([rows, width]) => {
      const lines = print(rows, width);
      expect(lines).toHaveLength(rows.length + 1);
      for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(width);
    });
  });

  it('let nothing steer the terminal', () => {
    expect(printable('a\u001b[31mred\u001b[0m\r\nb\u0007\u202ec')).toBe('ared b c');
    check(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });
  });
});
