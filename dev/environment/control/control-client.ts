import { request } from 'node:http';
import { dirname } from 'node:path';
import { environmentPaths } from '../folders.ts';

/** Whether the environment in this folder is ready; false while it starts or stops and when nobody answers. */
export async function isEnvironmentReady(folder: string): Promise<boolean> {
  return ask(folder, 'GET', '/').then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Ends one server of a running environment (SIGKILL unless said otherwise) and waits until it is gone. */
export async function killServer(statePath: string, name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  await command(statePath, `/servers/${name}/kill?signal=${signal}`);
}

/** Starts a server that was ended, on the same ports and data, and waits until it serves. */
export async function startServer(statePath: string, name: string): Promise<void> {
  await command(statePath, `/servers/${name}/start`);
}

/** Ends a server and starts it again; returns when it serves. */
export async function restartServer(
  statePath: string,
  name: string,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  await killServer(statePath, name, signal);
  await startServer(statePath, name);
}

async function command(statePath: string, path: string): Promise<void> {
  const { status, body } = await ask(dirname(statePath), 'POST', path);
  if (status !== 204) throw new Error(body);
}

function ask(folder: string, method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: environmentPaths(folder).control, method, path, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    call.on('error', reject);
    call.end();
  });
}
