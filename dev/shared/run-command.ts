import { spawn } from 'node:child_process';

/** A program that ended with a code other than 0, with the end of what it wrote. */
export class CommandError extends Error {
  readonly exitCode: number | null;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

const defaultTimeoutSeconds = 60;

/** Runs a program to its end and returns its stdout. Throws CommandError with the last lines it wrote. */
export async function runCommand(input: {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}): Promise<string> {
  const child = spawn(input.command, input.args, {
    cwd: input.cwd,
    env: input.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: (input.timeoutSeconds ?? defaultTimeoutSeconds) * 1000,
    killSignal: 'SIGKILL',
    ...(input.signal && { signal: input.signal }),
  });
  let stdout = '';
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    written += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  // A program may end without reading its input; its exit code says whether that mattered.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input.stdin ?? '');
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, exitSignal) => {
      resolve({ code: exitCode, signal: exitSignal });
    });
  });
  if (code !== 0) {
    const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`;
    throw new CommandError(`${input.command} ${input.args[0] ?? ''} ${how}:\n${lastLines(written, 30)}`, code);
  }
  return stdout;
}

/** The last `count` lines of a text, without empty ones at the end. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
