import { createServer } from 'node:http';
import type { ServerGroup } from '../processes/server-group.ts';

/** Answers other processes on a Unix socket: is the environment ready, kill that server, start it again. */
export interface ControlServer {
  readonly ready: () => void;
  readonly close: () => void;
}

/** The longest path of a Unix socket that Linux takes, unix(7). */
const longestSocketPath = 107;

/**
 * Starts listening. `GET /` answers 200 when the environment is ready, else 503; `POST /servers/<name>/kill?signal=SIGKILL` and
 * `POST /servers/<name>/start` answer 204 when done, 409 with the reason otherwise. Throws when the path is too long.
 */
export async function startControlServer(input: {
  readonly path: string;
  readonly servers: ServerGroup;
}): Promise<ControlServer> {
  if (Buffer.byteLength(input.path) > longestSocketPath) {
    throw new Error(`The path ${input.path} is too long for a Unix socket; use a shorter folder or name.`);
  }
  let isReady = false;
  const server = createServer((request, response) => {
    const answer = (status: number, body = '') => response.writeHead(status).end(body);
    if (request.method === 'GET') {
      answer(isReady ? 200 : 503);
      return;
    }
    act(input.servers, request.url ?? '').then(
      () => answer(204),
      (error: unknown) => answer(409, (error as Error).message),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(input.path, resolve);
  });
  return {
    ready: () => {
      isReady = true;
    },
    close: () => {
      isReady = false;
      server.close();
      server.closeAllConnections();
    },
  };
}

async function act(servers: ServerGroup, url: string): Promise<void> {
  const { pathname, searchParams } = new URL(url, 'http://control');
  const [, folder, name = '', action] = pathname.split('/');
  if (folder !== 'servers') throw new Error(`Nothing to do at ${pathname}.`);
  if (action === 'kill') await servers.kill(name, (searchParams.get('signal') ?? 'SIGKILL') as NodeJS.Signals);
  else if (action === 'start') await servers.startAgain(name);
  else throw new Error(`Nothing to do at ${pathname}.`);
}
