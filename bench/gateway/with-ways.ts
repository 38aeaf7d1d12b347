import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePorts } from '../../dev/environment/processes/reserved-ports.ts';
import { up } from '../../dev/environment/up.ts';
import { findInPath } from '../../dev/shared/find-in-path.ts';
import { reportToStderr } from '../../dev/shared/report.ts';
import { type BenchProcess, bindThisProcess } from './bench-process.ts';
import type { Way } from './way.ts';
import { startGatewayWay } from './ways/gateway-way.ts';
import { startConfigurableHttpProxy, startNginx } from './ways/rivals.ts';

const environmentName = 'bench-gateway';
const proxyCore = 0;
/** Of the pod and of the load. */
const podCore = 1;
/** Its answer is short, and the pod gives it to whoever asks: the rivals can't prove themselves. */
const path = '/healthz';

export interface Ways {
  readonly ways: readonly Way[];
  /** Why one that belongs there is not. */
  readonly missing: readonly string[];
}

/**
 * Starts a pod and all ways to it, binds this process to the pod's core, and stops everything when `use` is done. Throws
 * when a bench is running already.
 */
export async function withWays<T>(use: (ways: Ways) => Promise<T>): Promise<T> {
  const nginx = await findInPath('nginx', process.env['PATH']);
  const missing = nginx === null ? ['nginx is not installed (Debian: apt-get install nginx-light)'] : [];
  const environment = await up({
    name: environmentName,
    options: { temporal: false, redis: true, kubernetes: 'control-plane' },
    lifetime: 'owned',
    report: reportToStderr,
    env: process.env,
  });
  if (!environment.started) {
    throw new Error(`The environment "${environmentName}" is in use: two benches at once would measure each other.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-bench-'));
  const processes: BenchProcess[] = [];
  const onStart = (started: BenchProcess) => void processes.unshift(started);
  try {
    const names = ['pod', 'configurableHttpProxy', 'configurableHttpProxyApi', 'nginx'] as const;
    const { ports, release } = await reservePorts(names);
    await release(names);
    const common = { folder, podPort: ports.pod, path };
    const gateway = await startGatewayWay({ ...common, environment, proxyCore, podCore }, onStart);
    const rival = { ...common, core: proxyCore };
    const proxyPorts = { proxy: ports.configurableHttpProxy, api: ports.configurableHttpProxyApi };
    const ways: Way[] = [
      { name: 'direct', proxy: null, target: { port: ports.pod, path, headers: {} } },
      gateway,
      await startConfigurableHttpProxy({ ...rival, ports: proxyPorts }, onStart),
    ];
    if (nginx !== null) {
      ways.push(await startNginx({ ...rival, ports: { proxy: ports.nginx, api: 0 }, program: nginx }, onStart));
    }
    await bindThisProcess(podCore);
    return await use({ ways, missing });
  } finally {
    for (const { stop } of processes) await stop();
    await environment.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
