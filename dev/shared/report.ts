/** Shows one line of progress to the person who waits. Lines have no trailing newline. */
export type Report = (line: string) => void;

/** Progress belongs to stderr: stdout is for results that a machine may read. */
export const reportToStderr: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

const quietSeconds = 2;
const repeatSeconds = 10;

/**
 * Runs `work` and keeps the person informed: nothing under two seconds, then a line saying what is awaited, one more
 * every ten seconds, and one when it is done. Errors pass through unchanged.
 */
export async function withProgress<T>(input: {
  readonly what: string;
  readonly report: Report;
  readonly work: () => Promise<T>;
}): Promise<T> {
  const started = Date.now();
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  const say = () => input.report(`  … ${input.what} (${elapsed()})`);
  const first = setTimeout(say, quietSeconds * 1000);
  const repeated = setInterval(say, repeatSeconds * 1000);
  try {
    const result = await input.work();
    if (Date.now() - started >= quietSeconds * 1000) input.report(`  ✓ ${input.what}, ${elapsed()}`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(repeated);
  }
}
