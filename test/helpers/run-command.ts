import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { Terminal } from '../../cli/terminal.ts';
import { podNow } from './pods.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  /** Lines of stderr, without the command's name in front. */
  readonly faults: readonly string[];
}

export interface CommandInput {
  /** What standard input holds, or a stream of it. */
  readonly stdin?: Uint8Array | string | AsyncIterable<Uint8Array>;
  /** The width of the terminal; without it the output is a pipe. */
  readonly columns?: number;
  /** The clock; `podNow` without it. */
  readonly now?: () => Date;
}

export type AddCommand = (program: Command, openTerminal: () => Terminal) => void;

/** Runs a sub-command of `podkeeper` in this process. */
export async function runCommand(
  add: AddCommand,
  args: readonly string[],
  { stdin = '', columns, now = () => podNow }: CommandInput = {},
): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  let code = 0;
  const write = (text: string): void => {
    stdout += text;
  };
  const program = new Command('podkeeper').exitOverride().configureOutput({ writeErr: (text) => (stderr += text) });
  const terminal: Terminal = {
    stdin: typeof stdin === 'string' || stdin instanceof Uint8Array ? chunksOf(stdin) : stdin,
    stdout: columns === undefined ? { write } : { write, isTTY: true, columns },
    stderr: { write: (text: string) => (stderr += text) },
    setExitCode: (given) => {
      code = given;
    },
    now,
  };
  add(program, () => terminal);
  inherit(program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = 2;
  }
  const faults = stderr.split('\n').filter((line) => line !== '');
  return { code, stdout, faults: faults.map((line) => line.replace(/^podkeeper [a-z ]+: /, '')) };
}

/** Writes files into a new folder, hands its path over and removes it. */
export async function withFiles<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-command-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The objects that JSON output holds, one a line. */
export function linesOf({ stdout }: Pick<CommandResult, 'stdout'>): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().copyInheritedSettings(parent);
    inherit(command);
  }
}

async function* chunksOf(content: Uint8Array | string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  // In pieces that cut characters in half, as pipes do.
  for (let at = 0; at < bytes.length; at += 1021) yield await Promise.resolve(bytes.subarray(at, at + 1021));
}
