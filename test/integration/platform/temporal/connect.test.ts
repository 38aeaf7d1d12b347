import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConnectOptions,
  TemporalUnreachableError,
  connectTemporalClient,
  connectTemporalWorker,
} from '../../../../platform/temporal/connect.ts';
import { freePort } from '../../../helpers/free-port.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { type TcpProxy, startTcpProxy } from '../../../helpers/tcp-proxy.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';

const kinds = [
  {
    kind: 'a client',
    connect: async (options: ConnectOptions) => (await connectTemporalClient(options)).connection,
  },
  { kind: 'a worker', connect: connectTemporalWorker },
];

describe.each(kinds)('connecting $kind to Temporal', ({ connect }) => {
  let address: string;
  let proxy: TcpProxy | undefined;
  const options = (to: string, connectTimeoutSeconds: number): ConnectOptions => ({
    server: { address: to, namespace: 'default' },
    connectTimeoutSeconds,
    logger: captureLog().logger,
  });

  beforeAll(async () => {
    address = (await sharedEnvironment()).temporalAddress();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  it('works with a server that is there', async () => {
    const connection = await connect(options(address, 10));
    const info = await connection.workflowService.getSystemInfo({});
    expect(info.serverVersion).toMatch(/^\d+\./);
    await connection.close();
  });

  it('waits for a server that comes later', async () => {
    const port = await freePort();
    const connecting = connect(options(`127.0.0.1:${port}`, 30));
    await sleep(800);
    proxy = await startTcpProxy(address, port);
    const connection = await connecting;
    await connection.close();
  }, 40_000);

  it('gives up after its time with an error that says what to do', async () => {
    const to = `127.0.0.1:${await freePort()}`;
    const failed = connect(options(to, 1));
    await expect(failed).rejects.toThrow(TemporalUnreachableError);
    await expect(failed).rejects.toThrow(new RegExp(`${to} within 1 s: .*TEMPORAL_ADDRESS`));
  }, 20_000);

  it('gives up in time on a server that accepts and never answers', async () => {
    proxy = await startTcpProxy(address);
    proxy.pause();
    const startedMs = performance.now();
    await expect(connect(options(proxy.address, 2))).rejects.toThrow(TemporalUnreachableError);
    expect(performance.now() - startedMs).toBeLessThan(3000);
  }, 20_000);

  it('ends its attempts when the process is told to stop', async () => {
    const controller = new AbortController();
    const to = `127.0.0.1:${await freePort()}`;
    const connecting = connect({ ...options(to, 600), signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopping: SIGTERM')), 700);
    const startedMs = performance.now();
    await expect(connecting).rejects.toThrow('stopping: SIGTERM');
    expect(performance.now() - startedMs).toBeLessThan(2000);
  }, 20_000);
});
