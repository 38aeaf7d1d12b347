import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../triggers/http/main.ts', import.meta.url));

export interface HttpProcess {
  readonly pid: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Sends a signal and waits until the process is gone; its exit code, or null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the HTTP API as a process of its own, as in production but without tokens, and waits until it serves. */
export async function startHttpProcess(env: Readonly<Record<string, string>>): Promise<HttpProcess> {
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: '0',
      AUTH_DISABLED: 'true',
      ...env,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      const [, bound] = /"port":(\d+),"msg":"serving the HTTP API/.exec(line) ?? [];
      if (bound !== undefined) resolve(Number(bound));
    });
    void exited.then((code) =>
      reject(new Error(`the HTTP API ended with ${code} before it served: ${said.join('\n')}`)),
    );
  });
  return {
    pid: child.pid ?? 0,
    origin: `http://127.0.0.1:${port}`,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}
