import { join } from 'node:path';
import { reservePorts } from '../../../../../dev/environment/processes/reserved-ports.ts';
import { type RigProcess, startRigProcess } from './rig-process.ts';

/** Starts gateways and session workers, not waiting for them. Ending them is added to `closers`. */
export async function startRigProcesses(input: {
  readonly gateways: number;
  readonly workers: number;
  readonly logFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly closers: (() => Promise<unknown>)[];
}) {
  const { env, closers, logFolder } = input;
  const numbered = (kind: string, count: number) => Array.from({ length: count }, (_, number) => `${kind}-${number}`);
  const gatewayNames = numbered('gateway', input.gateways);
  const workerNames = numbered('session-worker', input.workers);
  const health = (name: string) => `${name}-health`;
  const names = [...gatewayNames, ...[...gatewayNames, ...workerNames].map(health)];
  // Below the range of outgoing connections: a process that is started again finds its port free.
  const reserved = await reservePorts(names);
  await reserved.release(names);
  const portOf = (name: string) => reserved.ports[name] ?? 0;

  const start = (name: string, entry: string, own: Readonly<Record<string, string>> = {}): RigProcess => {
    const started = startRigProcess({
      name,
      entry,
      logFile: join(logFolder, `${name}.log`),
      healthPort: portOf(health(name)),
      env: { ...env, ...own },
    });
    closers.push(started.kill);
    return started;
  };
  const workers = workerNames.map((name) => start(name, 'workers/session-worker.ts'));
  const gateways = gatewayNames.map((name) =>
    start(name, 'triggers/gateway/main.ts', { GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(portOf(name)) }),
  );
  return {
    workers,
    gateways,
    origin: (gateway: number) => `http://127.0.0.1:${portOf(gatewayNames[gateway] ?? '')}`,
  };
}
