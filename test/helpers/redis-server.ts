import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const startMs = 10_000;

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** Sends a signal; for SIGKILL it also waits until the process is gone. */
  readonly signal: (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => Promise<void>;
  /** Starts it again on the same port after a SIGKILL: empty, or with the data of its folder. */
  readonly restart: () => Promise<void>;
  /** Ends it for good; safe after a SIGKILL or a SIGSTOP. */
  readonly stop: () => Promise<void>;
}

export interface RedisServerOptions {
  readonly password?: string;
  /** Keeps its data there (AOF, written each second); in memory alone without one. */
  readonly folder?: string;
  /** More arguments of redis-server, such as `--maxmemory-policy`. */
  readonly arguments?: readonly string[];
}

/** A Redis of its own for one test file, on a free loopback port. Needs redis-server on PATH. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { password, folder } = options;
  const host = '127.0.0.1';
  const port = await freePort();
  const keeping = folder === undefined ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--dir', folder];
  const arguments_ = ['--port', String(port), '--bind', host, '--save', '', ...keeping, ...(options.arguments ?? [])];
  if (password !== undefined) arguments_.push('--requirepass', password);
  const start = async () => {
    const child = spawn('redis-server', arguments_, { stdio: 'ignore', cwd: '/tmp' });
    await listening(child, port);
    return child;
  };
  let child = await start();

  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    host,
    port,
    signal: async (name) => {
      if (name === 'SIGKILL') await kill();
      else child.kill(name);
    },
    restart: async () => {
      child = await start();
    },
    stop: kill,
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  for (const deadlineMs = performance.now() + startMs; performance.now() < deadlineMs;) {
    await sleep(20);
    if (failure !== undefined) throw new Error(`redis-server did not start: ${failure.message}`);
    if (child.exitCode !== null) throw new Error(`redis-server exited with ${child.exitCode}; is port ${port} taken?`);
    if (await accepts(port)) return;
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server did not listen on ${port} within ${startMs} ms`);
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
