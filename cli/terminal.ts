import type { TextOutput } from './output.ts';

/** What a command sees of its process; tests hand in another one. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  setExitCode(code: number): void;
  now(): Date;
}

/** This process. Ends it quietly when the reader of its output leaves, as in `podkeeper classify … | head`. */
export function openProcessTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    setExitCode: (code) => {
      process.exitCode = code;
    },
    now: () => new Date(),
  };
}
