import type { TextOutput } from './output.ts';

/** What a command sees of its process; tests hand in another one. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  setExitCode(code: number): void;
  now(): Date;
}

export const processTerminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  setExitCode: (code) => {
    process.exitCode = code;
  },
  now: () => new Date(),
};
