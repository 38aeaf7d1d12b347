import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';

const program = fileURLToPath(new URL('../../../../deploy/docker/session-pod/main.mjs', import.meta.url));

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly event: string;
}

export interface PodProcess {
  readonly port: number;
  readonly url: string;
  readonly log: () => readonly LogLine[];
  /** Resolves with the first line for which `matches` is true. */
  readonly logged: (matches: (line: LogLine) => boolean) => Promise<LogLine>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Called once at the top of a test file: gives a function that runs the session pod's program until the test ends. */
export function usePodProcesses(): (env?: Readonly<Record<string, string>>) => Promise<PodProcess> {
  const running: PodProcess[] = [];
  afterEach(async () => {
    for (const pod of running.splice(0)) {
      pod.signal('SIGKILL');
      await pod.ended;
    }
  });
  return async (env = {}) => {
    const pod = await startPod(env);
    running.push(pod);
    return pod;
  };
}

async function startPod(env: Readonly<Record<string, string>>): Promise<PodProcess> {
  // Port 0: the kernel gives a free one, and the program says which.
  const child = spawn(process.execPath, [program], {
    env: { HOST: '127.0.0.1', PORT: '0', SESSION_ID: 'alice-1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  let [rest, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as LogLine));
    wake();
  });
  let over = false;
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      over = true;
      resolve(code);
      wake();
    }),
  );
  const logged: PodProcess['logged'] = (matches) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const line = lines.find(matches);
        if (line === undefined && !over) return;
        waiting.delete(look);
        if (line !== undefined) resolve(line);
        else reject(new Error(`The pod ended without that line. ${errors}`));
      };
      waiting.add(look);
      look();
    });
  const port = Number((await logged(({ event }) => event === 'listening'))['port']);
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return { port, url: `http://127.0.0.1:${port}`, log: () => lines, logged, signal, ended };
}
