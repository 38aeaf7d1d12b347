import { printable, type TextOutput } from '../output.ts';

/** One line that is written anew; where that can't be (no terminal), a line each time it says something else. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the last one where it is. */
  end(): void;
}

export function createProgressLine(output: TextOutput): ProgressLine {
  const live = output.isTTY === true;
  let shown = '';
  return {
    show(text) {
      const line = printable(text).slice(0, live ? (output.columns ?? 80) - 1 : undefined);
      if (line === shown) return;
      output.write(live ? `\r\u001b[K${line}` : `${line}\n`);
      shown = line;
    },
    end() {
      if (live && shown !== '') output.write('\n');
      shown = '';
    },
  };
}
