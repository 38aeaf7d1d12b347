import type { Terminal } from '../../terminal.ts';

const everyMs = 2000;

/** A line on stderr every two seconds, so that nobody wonders whether a long comparison still goes on. */
export function createProgress({ stderr, now }: Pick<Terminal, 'stderr' | 'now'>): (describe: () => string) => void {
  let last = now().getTime();
  return (describe) => {
    const time = now().getTime();
    if (time - last < everyMs) return;
    last = time;
    stderr.write(`${describe()}\n`);
  };
}
