import { connect } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerSpec } from '../processes/server-spec.ts';

/**
 * Redis as sessions want it: it evicts nothing, and a killed one that is started again has its data but for the last second.
 * A test that needs an empty one sends FLUSHALL.
 */
export async function redisServer(input: {
  readonly command: string;
  readonly folder: string;
  readonly port: number;
}): Promise<ServerSpec> {
  const dataFolder = join(input.folder, 'redis');
  await mkdir(dataFolder, { recursive: true });
  return {
    name: 'redis-server',
    command: input.command,
    args: [
      ...['--port', String(input.port), '--bind', '127.0.0.1', '--dir', dataFolder],
      ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
      ...['--daemonize', 'no'],
      // The title would be written over the memory that holds the environment's mark.
      ...['--set-proc-title', 'no'],
    ],
    isReady: () => isServing(input.port),
    readyTimeoutSeconds: 15,
  };
}

/** PONG, and not LOADING: it reads its file first. */
function isServing(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 }, () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('Redis gave no answer within 1 s')));
    socket.once('error', reject);
  });
}
