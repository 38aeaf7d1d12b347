import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../dev/shared/run-command.ts';

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;
const stopMs = 5000;
const readyMs = 60_000;
const keptCharacters = 20_000;

export interface BenchProcessOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** The core it is bound to. */
  readonly core: number;
}

/** A process that takes part in a measurement. */
export interface BenchProcess {
  /** The first group of what `pattern` finds in its output. Throws, with the end of the output, when it does not come. */
  readonly said: (pattern: RegExp) => Promise<string>;
  /** Returns when it takes connections there. */
  readonly listensOn: (port: number) => Promise<void>;
  /** Of it and its children, so far. */
  readonly cpuSeconds: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts a program on one core. */
export function startBenchProcess({ name, command, args, env, core }: BenchProcessOptions): BenchProcess {
  const inherited = Object.fromEntries(['PATH', 'HOME'].map((key) => [key, process.env[key] ?? '']));
  const child = spawn('taskset', ['--cpu-list', String(core), command, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isOver = false;
  const keep = (text: string) => (output = (output + text).slice(-keptCharacters));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.once('error', (error) => keep(error.message));
  const closed = once(child, 'close').then(
    () => (isOver = true),
    () => (isOver = true),
  );
  const until = async <T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    const startedMs = Date.now();
    while (Date.now() - startedMs < readyMs && !isOver) {
      const found = await find();
      if (found !== undefined) return found;
      await sleep(50);
    }
    throw new Error(`The ${name} did not come up. The end of its output:\n${output}`);
  };
  return {
    said: (pattern) => until(() => pattern.exec(output)?.[1]),
    listensOn: async (port) => {
      await until(() => takesConnections(port));
    },
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    async stop() {
      if (isOver) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Binds this process, with all its threads, to one core. */
export async function bindThisProcess(core: number): Promise<void> {
  await runCommand({
    command: 'taskset',
    args: ['--all-tasks', '--cpu-list', '--pid', String(core), String(process.pid)],
  });
}

function takesConnections(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(undefined));
    socket.once('connect', () => socket.destroy());
  });
}

/** https://www.kernel.org/doc/html/latest/filesystems/proc.html: fields 14 and 15 of stat, in ticks */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user = '0', system = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  let seconds = (Number(user) + Number(system)) / ticksPerSecond;
  for (const child of children.split(' ').filter((id) => id !== '')) seconds += await cpuSecondsOf(Number(child));
  return seconds;
}
