const everyMs = 2000;

export interface ProgressOptions {
  readonly say: (text: string) => void;
  readonly now: () => Date;
}

/** Says something every two seconds, so that nobody wonders whether a long comparison still goes on. */
export function createProgress({ say, now }: ProgressOptions): (describe: () => string) => void {
  let last = now().getTime();
  return (describe) => {
    const time = now().getTime();
    if (time - last < everyMs) return;
    last = time;
    say(describe());
  };
}
