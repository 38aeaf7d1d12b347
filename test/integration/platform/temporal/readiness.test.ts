import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { connectTemporalWorker } from '../../../../platform/temporal/connect.ts';
import { type TemporalReadiness, createTemporalReadiness } from '../../../../platform/temporal/readiness.ts';
import { captureLog, type LogCapture } from '../../../helpers/log-capture.ts';
import { type TcpProxy, startTcpProxy } from '../../../helpers/tcp-proxy.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';

describe('the readiness of a worker process', () => {
  let proxy: TcpProxy;
  let connection: NativeConnection;
  let readiness: TemporalReadiness;
  let state: string;
  let log: LogCapture;
  const problem = (name: string) => readiness.checks.find((check) => check.name === name)?.problem();
  const until = async (condition: () => boolean) => {
    for (const deadlineMs = performance.now() + 15_000; !condition() && performance.now() < deadlineMs;) {
      await sleep(50);
    }
  };

  beforeEach(async () => {
    state = 'RUNNING';
    log = captureLog();
    proxy = await startTcpProxy((await sharedEnvironment()).temporalAddress());
    const server = { address: proxy.address, namespace: 'default' };
    connection = await connectTemporalWorker({ server, connectTimeoutSeconds: 20, logger: captureLog().logger });
    const { logger } = log;
    const workerState = () => state;
    readiness = createTemporalReadiness({ workerState, connection, logger, intervalMs: 200, freshForMs: 1000 });
  });
  afterEach(async () => {
    await readiness.stop();
    await connection.close();
    await proxy.close();
  });

  it('is not there before the server has answered', () => {
    expect(problem('temporal')).toBe('Temporal has not answered');
  });

  it('is there once it has', async () => {
    await until(() => problem('temporal') === undefined);
    expect(readiness.checks.map(({ problem: problemOf }) => problemOf())).toEqual([undefined, undefined]);
  });

  it('goes when the server hangs, and comes back with it', async () => {
    await until(() => problem('temporal') === undefined);
    proxy.pause();
    await until(() => problem('temporal') !== undefined);
    expect(problem('temporal')).toMatch(/^Temporal last answered \d+ s ago$/);
    proxy.resume();
    await until(() => problem('temporal') === undefined);
    expect(problem('temporal')).toBeUndefined();
  }, 40_000);

  it('goes while the worker drains', async () => {
    await until(() => problem('temporal') === undefined);
    state = 'DRAINING';
    expect([problem('temporal'), problem('worker')]).toEqual([undefined, 'the worker is DRAINING']);
  });
});
