import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { reservePorts } from '../../../../dev/environment/processes/reserved-ports.ts';

const entry = fileURLToPath(new URL('../../../../dev/stand-in/main.ts', import.meta.url));

/** Starts a stand-in of one's own, for environments without one. Its pods need a class of their own: the port is another. */
export async function startStandIn(input: { readonly kubeconfig: string; readonly folder: string }) {
  const reserved = await reservePorts(['standIn']);
  const port = reserved.ports.standIn;
  const log = join(input.folder, 'stand-in.log');
  const file = openSync(log, 'a');
  await reserved.release(['standIn']);
  const child = spawn(process.execPath, [entry, '--kubeconfig', input.kubeconfig, '--port', String(port)], {
    stdio: ['ignore', file, file],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  closeSync(file);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; tries < 300 && !(await accepts(port)); tries++) await sleep(100);
  return {
    port,
    log,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
