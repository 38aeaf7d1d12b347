import { describe, expect, it } from '@jest/globals';
import { parseLibraries } from '../../../../dev/environment/node/image/shared-libraries.ts';

const line = (text: string) => `\t${text} (0x00007f9f00ed4000)\n`;

describe('the libraries of a program', () => {
  it('are those with a file, and the loader', () => {
    const output =
      line('linux-vdso.so.1') +
      line('libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6') +
      line('/lib64/ld-linux-x86-64.so.2');
    expect(parseLibraries(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
  });

  it('that the machine does not have are named', () => {
    expect(() => parseLibraries('\tlibatomic.so.1 => not found\n')).toThrow('libatomic.so.1');
  });
});
